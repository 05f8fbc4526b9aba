# ViT-S/16 from mmpretrain with the weights of MMPose's ViTPose-S (masked
# autoencoder on ImageNet): 384 channels of stride 16.
_base_ = '../_base_/dfa_fld_imagenet.py'

model = dict(
    backbone=dict(
        type='mmpretrain.VisionTransformer',
        arch=dict(
            embed_dims=384,
            num_layers=12,
            num_heads=12,
            feedforward_channels=384 * 4,
        ),
        img_size=224,
        patch_size=16,
        qkv_bias=True,
        drop_path_rate=0.1,
        # a map, and not the class token
        with_cls_token=False,
        out_type='featmap',
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmpose/'
            'v1/pretrained_models/mae_pretrain_vit_small_20230913.pth',
        ),
    ),
    neck=dict(in_channels=[384], out_channels=64),
    head=dict(in_channels=64, pool_size=14),
)

# a tenth of the head's rate for the pretrained layers, as transformers ask
# for, and no decay of positions
optim_wrapper = dict(
    optimizer=dict(weight_decay=0.1),
    paramwise_cfg=dict(
        custom_keys={
            'backbone': dict(lr_mult=0.1),
            'pos_embed': dict(lr_mult=0.1, decay_mult=0.0),
        }
    ),
    clip_grad=dict(max_norm=1.0),
)
