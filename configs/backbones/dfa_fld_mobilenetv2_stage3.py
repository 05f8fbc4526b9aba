# MobileNetV2 from MMPose: 1280 channels of stride 32.
_base_ = '../_base_/dfa_fld_imagenet.py'

model = dict(
    backbone=dict(
        type='MobileNetV2',
        widen_factor=1.0,
        out_indices=(7,),
        init_cfg=dict(type='Pretrained', checkpoint='mmcls://mobilenet_v2'),
    ),
    neck=dict(in_channels=[1280]),
)
