# MMPose's regression head on the data, images and budget of the paper's
# cascade, with its backbone. Its codec leaves out landmarks on or
# beyond the crop's border: without air round the box 3 to 4 % of those on our
# photographs.
_base_ = '../../../configs/dfa_fld_stage3.py'

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
    backbone=_base_.model.backbone,
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='RegressionHead',
        in_channels=512,
        num_joints=_base_.num_landmarks,
        loss=dict(type='SmoothL1Loss', use_target_weight=True),
        decoder=codec,
    ),
    test_cfg=dict(
        flip_test=_base_.model.test_cfg.flip_test, shift_coords=True
    ),
)

# an image passes through a network as often as in the cascade's three stages;
# the recipe that these heads are used with
max_iters = 3 * _base_.train_cfg.max_iters
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=5e-4, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.02, by_epoch=False, end=200),
    dict(
        type='CosineAnnealingLR',
        T_max=max_iters,
        eta_min=1e-6,
        by_epoch=False,
    ),
]
train_cfg = dict(max_iters=max_iters)
custom_hooks = []
