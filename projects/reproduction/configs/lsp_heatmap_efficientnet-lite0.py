# MMPose's heatmap head on LSP, with the cascade's backbone, images,
# augmentation and budget.
_base_ = '../../../configs/backbones/dfa_lsp_efficientnet-lite0_stage3.py'

codec = dict(
    type='MSRAHeatmap', input_size=(128, 128), heatmap_size=(32, 32), sigma=1.5
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
        in_channels=112,
        out_channels=_base_.num_landmarks,
        deconv_out_channels=(128, 128),
        deconv_kernel_sizes=(4, 4),
        loss=dict(
            type='KeypointMSELoss', use_target_weight=True, loss_weight=100.0
        ),
        decoder=codec,
    ),
    test_cfg=dict(flip_test=True, flip_mode='heatmap', shift_heatmap=True),
)

# an image passes through a network as often as in the cascade's three stages
max_epochs = 40
stage_settings = dict(_delete_=True)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=60),
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
