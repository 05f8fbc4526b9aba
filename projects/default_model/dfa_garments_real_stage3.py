# Any garment, lying flat or worn, in a box or without one: landmarks off maps,
# EfficientNet-Lite0 from ImageNet at 160 x 160, two sets of photographs. The
# model that was shipped until 2026-11-30; dfa_garments_stage3.py adds
# composites.
#   FLATLAY_ROOT=data/flatlay_fld  STREET_ROOT=data/street_fld
_base_ = [
    '../../configs/_base_/runtime.py',
    '../../configs/_base_/fld.py',
    '../../configs/_base_/cascade.py',
    '../../configs/_base_/models/dfa_efficientnet-lite0.py',
]

# the box round a garment, or the whole picture in its place; moved, turned,
# scaled, mirrored and recoloured
codec = dict(type='LandmarkLabel', input_size=(160, 160))
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='RandomContext', prob=0.35, padding=1.15),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.08,
        shift_prob=0.6,
        scale_factor=(0.8, 1.3),
        rotate_factor=35,
        rotate_prob=0.5,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.15),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]

# lying flat, worn
sets = {
    split: [
        dict(
            type='FLDDataset',
            data_root=root,
            subset='all',
            split=split,
            test_mode=split != 'train',
        )
        for root in [
            '{{$FLATLAY_ROOT:data/flatlay_fld}}',
            '{{$STREET_ROOT:data/street_fld}}',
        ]
    ]
    for split in ['train', 'val', 'test']
}
combined = dict(_delete_=True, type='CombinedLandmarkDataset')

train_dataloader = dict(
    batch_size=16,
    dataset=dict(
        datasets=sets['train'],
        # the worn ones are the fewest and the hardest
        sample_ratio_factor=[1.0, 1.5],
        pipeline=train_pipeline,
        **combined,
    ),
)
val_dataloader = dict(
    dataset=dict(datasets=sets['val'], pipeline=test_pipeline, **combined)
)
test_dataloader = dict(
    dataset=dict(datasets=sets['test'], pipeline=test_pipeline, **combined)
)

test_evaluator = [*_base_.test_evaluator, dict(type='PresenceAccuracy')]

model = dict(
    backbone=dict(out_stride=(8, 16)),
    neck=dict(
        _delete_=True,
        type='FPN',
        in_channels=[40, 112],
        out_channels=64,
        num_outs=2,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU'),
    ),
    head=dict(
        # who gives a photograph need not say what it shows
        type='AnyTypeMapDFAHead',
        num_landmarks=_base_.num_landmarks,
        decoder=codec,
        # a quarter of the weights that 8 would need, to be shipped
        pool_size=4,
        maps=dict(channels=128),
        loss_landmark=dict(_delete_=True, type='LandmarkMapLoss'),
        visibility_weight=0.5,
    ),
    **_base_.cascade,
)

# of stage 3, where an image trains one of the two branches
max_epochs = 6
stage_settings = {
    1: {'train_cfg.max_epochs': 40, 'param_scheduler.1.T_max': 40},
    2: {'train_cfg.max_epochs': 8, 'param_scheduler.1.T_max': 8},
}
auto_scale_lr = dict(base_batch_size=16)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02),
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
train_cfg = dict(by_epoch=True, max_epochs=max_epochs, val_interval=100)
val_cfg = dict()
test_cfg = dict()
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=500, t2=1000, end=0.5),
]
