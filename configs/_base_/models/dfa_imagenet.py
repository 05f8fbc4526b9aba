# DFA behind any backbone of MMPose, mmpretrain or timm that was trained on
# ImageNet in the usual way (RGB, the usual mean and deviation). A config adds
# model.backbone and model.neck.in_channels.
_base_ = './dfa.py'

model = dict(
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    neck=dict(
        type='ChannelMapper',
        out_channels=256,
        kernel_size=1,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU'),
    ),
    head=dict(
        type='DFAHead',
        in_channels=256,
        pool_size=7,
        fc_channels=(1024, 1024),
        previous_channels=256,
        dropout=0.2,
        loss_landmark=dict(
            type='L1Loss', use_target_weight=True, loss_weight=20.0
        ),
        visibility_weight=0.2,
        loss_pseudo_label=dict(type='EuclideanLoss', loss_weight=2.0),
    ),
    test_cfg=dict(flip_test=True),
)
