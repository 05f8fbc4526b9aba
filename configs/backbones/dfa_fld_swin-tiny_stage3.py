# Swin-T from mmpretrain: 768 channels of stride 32.
_base_ = '../_base_/dfa_fld_imagenet.py'

model = dict(
    backbone=dict(
        type='mmpretrain.SwinTransformer',
        arch='tiny',
        img_size=224,
        drop_path_rate=0.2,
        # crops below 224 x 224 have maps smaller than the window
        pad_small_map=True,
        init_cfg=dict(
            type='Pretrained',
            prefix='backbone.',
            checkpoint='https://download.openmmlab.com/mmclassification/v0/'
            'swin-transformer/swin_tiny_224_b16x64_300e_imagenet_'
            '20210616_090925-66df6be6.pth',
        ),
    ),
    neck=dict(in_channels=[768]),
)

# a fifth of the head's rate for the pretrained layers, as transformers ask
# for, and no decay of positions
optim_wrapper = dict(
    optimizer=dict(weight_decay=0.05),
    paramwise_cfg=dict(
        custom_keys={
            'backbone': dict(lr_mult=0.2),
            'relative_position_bias_table': dict(lr_mult=0.2, decay_mult=0.0),
        }
    ),
    clip_grad=dict(max_norm=1.0),
)
