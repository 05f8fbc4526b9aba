# DeepPose with the data, input, networks and schedule of the small cascade:
# the box first, then twice one network per landmark on a patch round the
# estimate. Stages 1 and 2 are trained first where they are missing.
_base_ = '../../../configs/backbones/dfa_fld_efficientnet-lite0_stage3.py'

patches = dict(share=120 / 224)

model = dict(
    _delete_=True,
    type='DeepPoseTopdownEstimator',
    data_preprocessor=_base_.model.data_preprocessor,
    backbone=_base_.model.backbone,
    neck=_base_.model.neck,
    head=_base_.model.head,
    stages=[dict(), patches, patches],
    num_stages=3,
    test_cfg=_base_.model.test_cfg,
)

custom_imports = dict(imports=['dfa_mm', 'projects.deeppose'])
