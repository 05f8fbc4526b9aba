# DeepPose as the paper runs it: VGG-16, 224 x 224; the box first, then twice
# one network per landmark on a patch of 120 x 120 pixels round the estimate.
# Data, input, networks and schedule are the cascade's; stages 1 and 2 are
# trained first where they are missing. With eight landmarks stage 3 has 17
# networks, 2.3 thousand million parameters.
_base_ = '../../../configs/dfa_fld_stage3.py'

patches = dict(share=120 / 224)

model = dict(
    _delete_=True,
    type='DeepPoseTopdownEstimator',
    data_preprocessor=_base_.model.data_preprocessor,
    backbone=_base_.model.backbone,
    neck=None,
    head=_base_.model.head,
    stages=[dict(), patches, patches],
    num_stages=3,
    test_cfg=_base_.model.test_cfg,
)

custom_imports = dict(imports=['dfa_mm', 'projects.deeppose'])
