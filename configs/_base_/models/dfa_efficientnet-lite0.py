# EfficientNet-Lite0 from ImageNet for small inputs and small sets of
# photographs: minutes to hours on two CPU cores where VGG-16 takes days.
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
        pool_size=8,
        fc_channels=(512, 512),
        previous_channels=128,
        dropout=0.05,
        loss_landmark=dict(
            type='L1Loss', use_target_weight=True, loss_weight=20.0
        ),
        visibility_weight=0.2,
        loss_pseudo_label=dict(type='EuclideanLoss', loss_weight=2.0),
    ),
    test_cfg=dict(flip_test=True),
)
