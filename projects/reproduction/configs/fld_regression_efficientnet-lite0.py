# MMPose's regression head on the data, images and budget of the small
# cascade, with its backbone. Its codec leaves out landmarks on or beyond the
# crop's border.
_base_ = '../../../configs/backbones/dfa_fld_efficientnet-lite0_stage3.py'

codec = dict(type='RegressionLabel', input_size=_base_.codec.input_size)

train_pipeline = [
    *_base_.train_pipeline[:-2],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))

model = dict(
    _delete_=True,
    type='TopdownPoseEstimator',
    data_preprocessor=_base_.model.data_preprocessor,
    backbone=dict(
        type='EfficientNetLite',
        arch='lite0',
        out_stride=32,
        norm_eval=True,
        init_cfg=_base_.model.backbone.init_cfg,
    ),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='RegressionHead',
        in_channels=320,
        num_joints=_base_.num_landmarks,
        loss=dict(type='SmoothL1Loss', use_target_weight=True),
        decoder=codec,
    ),
    test_cfg=dict(
        flip_test=_base_.model.test_cfg.flip_test, shift_coords=True
    ),
)

# an image passes through a network as often as in the cascade's three stages
max_epochs = 3 * _base_.max_epochs
param_scheduler = [
    _base_.param_scheduler[0],
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(max_epochs=max_epochs)
custom_hooks = []
