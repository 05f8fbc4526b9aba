# Any garment of a photograph in a box that a person or the detector gives, its
# type known or not: one trunk, EfficientNet-Lite0 at 160 x 160 as the garment
# detector left it, and a cascade of heads that read landmarks off maps and
# hand on all of their modes.
#   FLAT_ROOT=data/flat  STREET_PHOTOS_ROOT=data/street_photos
_base_ = [
    '../../configs/_base_/runtime.py',
    '../../configs/_base_/fld.py',
    '../../configs/_base_/cascade.py',
    '../../configs/_base_/models/dfa_efficientnet-lite0.py',
]

# Cut off as close-ups are, hidden as by bags and hands, in the box, around it
# or in the whole picture; moved, turned, scaled, mirrored and recoloured.
codec = dict(type='LandmarkLabel', input_size=(160, 160))
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='RandomCut', prob=0.15),
    dict(type='RandomOcclusion', prob=0.35),
    dict(type='RandomContext', prob=0.25, padding=1.15),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.1,
        shift_prob=0.7,
        scale_factor=(0.8, 1.3),
        scale_prob=1.0,
        rotate_factor=45,
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
            '{{$FLAT_ROOT:data/flat}}',
            '{{$STREET_PHOTOS_ROOT:data/street_photos}}',
        ]
    ]
    for split in ['train', 'val', 'test']
}
combined = dict(_delete_=True, type='CombinedLandmarkDataset')

train_dataloader = dict(
    batch_size=16,
    num_workers=1,
    dataset=dict(
        datasets=sets['train'],
        # the worn ones are the hardest
        sample_ratio_factor=[1.0, 1.25],
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

first, second, third = _base_.cascade.stages
hypotheses = dict(
    type='HypothesisDFAHead',
    reader=dict(channels=96),
    sampler=dict(channels=32),
    previous_clusters=20,
)
# of the maps of stride 8, 16 and 32
widths = [40, 112, 320]
model = dict(
    type='SharedTrunkPoseEstimator',
    backbone=dict(
        out_stride=(8, 16, 32),
        frozen_blocks=3,
        init_cfg=dict(
            type='Pretrained',
            prefix='backbone.',
            checkpoint='projects/garment_detector/'
            'garment_detector-73cc7e7d_20261130.pth',
            _delete_=True,
        ),
    ),
    type_input=dict(in_channels=widths, unknown_prob=0.4),
    neck=dict(
        _delete_=True,
        type='FPN',
        in_channels=widths,
        out_channels=96,
        num_outs=3,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU'),
    ),
    head=dict(
        # who gives a photograph need not say what it shows
        type='AnyTypeMapDFAHead',
        in_channels=96,
        num_landmarks=_base_.num_landmarks,
        decoder=codec,
        # a quarter of the weights that 8 would need, to be shipped
        pool_size=4,
        maps=dict(channels=96),
        loss_landmark=dict(_delete_=True, type='LandmarkMapLoss'),
        visibility_weight=0.5,
    ),
    stages=[
        first,
        dict(second, head=hypotheses),
        dict(third, head=hypotheses),
    ],
    num_stages=3,
    router=_base_.cascade.router,
)

# of stage 3, where an image trains one of the two branches
max_epochs = 6
stage_settings = {
    1: {'train_cfg.max_epochs': 36, 'param_scheduler.1.T_max': 36},
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
    dict(type='EMAHook', momentum=0.002),
]
