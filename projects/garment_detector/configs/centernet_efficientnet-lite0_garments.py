"""Upper, lower and full-body garments, on the data of prepare.py."""

default_scope = 'mmdet'
custom_imports = dict(
    imports=['projects.garment_detector'], allow_failed_imports=False
)

data_root = '{{$GARMENTS_ROOT:data/garments}}/'
metainfo = dict(
    classes=('upper', 'lower', 'full'),
    palette=[(220, 60, 60), (60, 120, 220), (60, 170, 80)],
)
# Width and height in training; most photographs are upright. Smaller than in
# use: a quarter more steps in the same time.
view = (192, 288)

model = dict(
    type='CenterNet',
    data_preprocessor=dict(
        type='DetDataPreprocessor',
        mean=[127.0] * 3,
        std=[128.0] * 3,
        bgr_to_rgb=True,
        pad_size_divisor=32,
    ),
    backbone=dict(
        type='mmpose.EfficientNetLite',
        arch='lite0',
        out_stride=[8, 16, 32],
        norm_eval=True,
        frozen_blocks=3,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='{{$LITE0_WEIGHTS:data/weights/efficientnet_lite0.pth}}',
        ),
    ),
    neck=dict(type='TopDownNeck', in_channels=[40, 112, 320], out_channels=96),
    bbox_head=dict(
        type='GarmentHead',
        num_classes=3,
        in_channels=96,
        feat_channels=64,
        loss_center_heatmap=dict(type='GaussianFocalLoss', loss_weight=1.0),
        loss_wh=dict(type='GIoULoss', loss_weight=3.0),
        loss_offset=dict(type='L1Loss', loss_weight=0.0),
    ),
    test_cfg=dict(
        topk=50, local_maximum_kernel=3, score_thr=0.05, iou_thr=0.7
    ),
)

load = [
    dict(type='LoadImageFromFile', backend_args=None),
    dict(type='mmdet.LoadAnnotations', with_bbox=True),
    dict(type='mmdet.RandomFlip', prob=0.5),
]
alone = [
    dict(type='mmdet.Resize', scale=view, keep_ratio=True),
    dict(type='mmdet.Pad', size=view, pad_val=dict(img=(114, 114, 114))),
    dict(
        type='mmdet.RandomAffine',
        max_rotate_degree=6.0,
        max_translate_ratio=0.2,
        scaling_ratio_range=(0.5, 1.7),
        max_shear_degree=2.0,
        bbox_clip_border=False,
    ),
]
four = [
    dict(
        type='mmdet.CachedMosaic',
        img_scale=view,
        max_cached_images=24,
        bbox_clip_border=False,
    ),
    dict(
        type='mmdet.RandomAffine',
        max_rotate_degree=6.0,
        max_translate_ratio=0.1,
        scaling_ratio_range=(0.55, 1.1),
        max_shear_degree=2.0,
        border=(-view[0] // 2, -view[1] // 2),
        bbox_clip_border=False,
    ),
]
train_pipeline = [
    *load,
    dict(type='RandomChoice', transforms=[alone, four], prob=[0.75, 0.25]),
    dict(type='ClipGarments', least_share=0.3),
    dict(type='mmdet.PhotoMetricDistortion'),
    dict(type='mmdet.PackDetInputs', meta_keys=('img_path', 'img_shape')),
]
test_pipeline = [
    dict(type='LoadImageFromFile', backend_args=None),
    dict(type='mmdet.Resize', scale=(320, 320), keep_ratio=True),
    dict(type='mmdet.LoadAnnotations', with_bbox=True),
    dict(
        type='mmdet.PackDetInputs',
        meta_keys=(
            'img_id',
            'img_path',
            'ori_shape',
            'img_shape',
            'scale_factor',
        ),
    ),
]


def pictures(name, pipeline, test_mode=False):
    return dict(
        type='CocoDataset',
        metainfo=metainfo,
        data_root=data_root,
        ann_file=f'{name}.json',
        data_prefix=dict(img=''),
        filter_cfg=dict(filter_empty_gt=False, min_size=0),
        test_mode=test_mode,
        pipeline=pipeline,
    )


train_dataloader = dict(
    batch_size=16,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='ConcatDataset',
        datasets=[
            dict(
                type='RepeatDataset',
                times=2,
                dataset=pictures('street_train', train_pipeline),
            ),
            pictures('flat_train', train_pipeline),
            pictures('none_train', train_pipeline),
        ],
    ),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=pictures('street_val', test_pipeline, test_mode=True),
)
val_evaluator = dict(
    type='CocoMetric', ann_file=data_root + 'street_val.json', metric='bbox'
)
test_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=pictures('street_test', test_pipeline, test_mode=True),
)
test_evaluator = dict(
    type='CocoMetric', ann_file=data_root + 'street_test.json', metric='bbox'
)

epochs = 8
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=epochs, val_interval=2)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.05),
    paramwise_cfg=dict(
        custom_keys=dict(backbone=dict(lr_mult=0.5)),
        norm_decay_mult=0.0,
        bias_decay_mult=0.0,
    ),
    clip_grad=dict(max_norm=10.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.01, by_epoch=False, end=200),
    dict(
        type='CosineAnnealingLR',
        T_max=epochs,
        eta_min_ratio=0.01,
        convert_to_iter_based=True,
    ),
]
default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=25),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(type='CheckpointHook', interval=1, max_keep_ckpts=2),
    sampler_seed=dict(type='DistSamplerSeedHook'),
)
custom_hooks = [dict(type='EMAHook', momentum=0.004)]
randomness = dict(seed=0)
visualizer = dict(
    type='DetLocalVisualizer',
    vis_backends=[dict(type='LocalVisBackend')],
    name='visualizer',
)
log_level = 'INFO'
