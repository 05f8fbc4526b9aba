# MMPose's regression head on LSP, with the cascade's backbone, images,
# augmentation and budget.
_base_ = '../../../configs/dfa_lsp_stage3.py'

codec = dict(type='RegressionLabel', input_size=(224, 224))

train_pipeline = [
    # draws a number per picture, as when the published rows were trained
    dict(type='RandomApply', transforms=_base_.train_pipeline[:-2], prob=1.0),
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
    test_cfg=dict(flip_test=True, shift_coords=True),
)

# an image passes through a network as often as in the cascade's three stages;
# the recipe that these heads are used with
max_epochs = 480
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=5e-4, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.02, by_epoch=False, end=200),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-6,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(max_epochs=max_epochs)
custom_hooks = []
