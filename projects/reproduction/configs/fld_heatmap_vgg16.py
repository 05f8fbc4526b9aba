# MMPose's heatmap head, on equal terms.
_base_ = './fld_regression_vgg16.py'

codec = dict(
    type='MSRAHeatmap',
    input_size=_base_.codec.input_size,
    heatmap_size=[side // 4 for side in _base_.codec.input_size],
    sigma=2,
)
train_pipeline = [
    *_base_.train_pipeline[:-2],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))

model = dict(
    neck=None,
    head=dict(
        _delete_=True,
        type='HeatmapHead',
        in_channels=512,
        out_channels=_base_.num_landmarks,
        loss=dict(
            type='KeypointMSELoss', use_target_weight=True, loss_weight=100.0
        ),
        decoder=codec,
    ),
    test_cfg=dict(flip_mode='heatmap', shift_heatmap=True),
)
