# VGG-16 at 128 x 128 in an hour or two of two CPU cores that multiply in
# bfloat16; all else as with EfficientNet-Lite0. As usual in fine-tuning
# VGG-16, its first two blocks stay as ImageNet made them.
_base_ = './dfa_lsp_maps_efficientnet-lite0_stage3.py'

model = dict(
    data_preprocessor=dict(
        mean=[102.98, 115.95, 122.77],
        std=[1.0, 1.0, 1.0],
        bgr_to_rgb=False,
    ),
    backbone=dict(
        _delete_=True,
        type='VGG',
        depth=16,
        # strides 8 and, without the last pooling, 16
        out_indices=(2, 4),
        with_last_pool=False,
        frozen_stages=2,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='{{$VGG16_WEIGHTS:data/weights/vgg16_conv_imagenet.pth}}',
        ),
    ),
    neck=dict(in_channels=[256, 512]),
)

optim_wrapper = dict(type='BFloat16OptimWrapper')
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=200, t2=400, end=0.25),
    dict(type='ChannelsLastHook'),
]
