# MMPose's heatmap head on LSP, with the cascade's backbone, images,
# augmentation and budget.
_base_ = '../../../configs/dfa_lsp_stage3.py'

codec = dict(
    type='MSRAHeatmap', input_size=(224, 224), heatmap_size=(56, 56), sigma=2
)

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
    head=dict(
        type='HeatmapHead',
        in_channels=512,
        out_channels=_base_.num_landmarks,
        loss=dict(
            type='KeypointMSELoss', use_target_weight=True, loss_weight=100.0
        ),
        decoder=codec,
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
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
