# ResNet-50 from MMPose: 2048 channels of stride 32.
_base_ = '../_base_/dfa_fld_imagenet.py'

model = dict(
    backbone=dict(
        type='ResNet',
        depth=50,
        init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50'),
    ),
    neck=dict(in_channels=[2048]),
)
