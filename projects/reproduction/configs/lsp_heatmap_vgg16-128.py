# MMPose's heatmap head on LSP, with the backbone, images, augmentation and
# budget of the cascade in configs/backbones/dfa_lsp_maps_vgg16-128_*.
_base_ = './lsp_heatmap_efficientnet-lite0.py'

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
        frozen_stages=2,
        with_last_pool=False,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='{{$VGG16_WEIGHTS:data/weights/vgg16_conv_imagenet.pth}}',
        ),
    ),
    head=dict(in_channels=512),
    # it is counted in NumPy, which has no bfloat16
    train_cfg=dict(compute_acc=False),
)

optim_wrapper = dict(type='BFloat16OptimWrapper')
