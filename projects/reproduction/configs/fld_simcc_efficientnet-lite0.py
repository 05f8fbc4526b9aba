# MMPose's SimCC head, on equal terms.
_base_ = './fld_regression_efficientnet-lite0.py'

codec = dict(
    type='SimCCLabel',
    input_size=_base_.codec.input_size,
    sigma=4.0,
    simcc_split_ratio=2.0,
)
train_pipeline = [
    *_base_.train_pipeline[:-2],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))

model = dict(
    backbone=dict(out_stride=16),
    neck=None,
    head=dict(
        _delete_=True,
        type='SimCCHead',
        in_channels=112,
        out_channels=_base_.num_landmarks,
        input_size=codec['input_size'],
        in_featuremap_size=[side // 16 for side in codec['input_size']],
        simcc_split_ratio=codec['simcc_split_ratio'],
        deconv_out_channels=None,
        loss=dict(type='KLDiscretLoss', use_target_weight=True),
        decoder=codec,
    ),
)
