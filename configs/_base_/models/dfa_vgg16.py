# The paper's networks: VGG-16 from ImageNet, fc6 and fc7. The number of
# landmarks and the decoder depend on the data set.
model = dict(
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[102.98, 115.95, 122.77],
        std=[1.0, 1.0, 1.0],
        bgr_to_rgb=False,
    ),
    backbone=dict(
        type='VGG',
        depth=16,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='{{$VGG16_WEIGHTS:data/weights/vgg16_conv_imagenet.pth}}',
        ),
    ),
    head=dict(
        type='DFAHead',
        in_channels=512,
        pool_size=7,
        fc_channels=(4096, 4096),
        # VGG-16's features are large (root mean square about 6): from wider
        # Gaussians the first landmarks would lie several crops away
        init_cfg=[
            dict(type='Normal', layer='Linear', std=0.005),
            dict(type='Normal', layer='OutputLayer', std=0.001),
        ],
    ),
    test_cfg=dict(flip_test=False),
)
