# Any network of timm, here ConvNeXt-nano: 640 channels of stride 32. Needs
# `pip install timm`, which downloads the weights whenever the model is built
# and they are not in its cache: once the cascade is trained, use its
# checkpoint with --cfg-options model.backbone.pretrained=False.
_base_ = '../_base_/dfa_fld_imagenet.py'

model = dict(
    backbone=dict(
        type='mmpretrain.TIMMBackbone',
        model_name='convnext_nano',
        pretrained=True,
        # maps instead of a class; of every stride, the last
        features_only=True,
        out_indices=(3,),
    ),
    neck=dict(in_channels=[640]),
)

# a fifth of the head's rate for the pretrained layers
optim_wrapper = dict(
    optimizer=dict(weight_decay=0.05),
    paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.2)}),
    clip_grad=dict(max_norm=1.0),
)
