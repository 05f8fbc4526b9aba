# EfficientNet-Lite0 from ImageNet at 128 x 128, for small sets of photographs:
# hours on two CPU cores where VGG-16 takes days.
_base_ = [
    '../_base_/runtime.py',
    '../_base_/fld.py',
    '../_base_/models/dfa.py',
    '../_base_/pipelines/augmented_128.py',
]

train_dataloader = dict(
    batch_size=16, dataset=dict(pipeline={{_base_.train_pipeline}})
)
val_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

model = dict(
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[127.0, 127.0, 127.0],
        std=[128.0, 128.0, 128.0],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='EfficientNetLite',
        arch='lite0',
        # landmarks need the finer map; 32 is too coarse at this size
        out_stride=16,
        norm_eval=True,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='{{$LITE0_WEIGHTS:data/weights/efficientnet_lite0.pth}}',
        ),
    ),
    neck=dict(
        type='ChannelMapper',
        in_channels=[112],
        out_channels=64,
        kernel_size=1,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU'),
    ),
    head=dict(
        type='DFAHead',
        in_channels=64,
        num_landmarks={{_base_.num_landmarks}},
        pool_size=8,
        fc_channels=(512, 512),
        previous_channels=128,
        dropout=0.05,
        loss_landmark=dict(
            type='L1Loss', use_target_weight=True, loss_weight=20.0
        ),
        visibility_weight=0.2,
        loss_pseudo_label=dict(type='EuclideanLoss', loss_weight=2.0),
        decoder={{_base_.codec}},
    ),
    test_cfg=dict(flip_test=True),
)

max_epochs = 12
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
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
