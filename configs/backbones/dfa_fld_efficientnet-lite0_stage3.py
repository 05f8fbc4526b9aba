# EfficientNet-Lite0 from ImageNet at 128 x 128, for small sets of photographs:
# hours on two CPU cores where VGG-16 takes days.
_base_ = [
    '../_base_/runtime.py',
    '../_base_/fld.py',
    '../_base_/cascade.py',
    '../_base_/models/dfa_efficientnet-lite0.py',
]

# air round the box; moved, turned, scaled and recoloured
codec = dict(type='LandmarkLabel', input_size=(128, 128))
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.2),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.08,
        shift_prob=0.5,
        scale_factor=(0.8, 1.25),
        rotate_factor=30,
        rotate_prob=0.5,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.2),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(batch_size=16, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))

model = dict(
    head=dict(num_landmarks=_base_.num_landmarks, decoder=codec),
    **_base_.cascade,
)

max_epochs = 12
auto_scale_lr = dict(base_batch_size=16)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02),
    # above what a healthy step has, about 10: at 5 every step was clipped,
    # and landmarks came out worse
    clip_grad=dict(max_norm=50.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=max_epochs, val_interval=4)
val_cfg = dict()
test_cfg = dict()
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=500, t2=1000, end=0.25),
]
