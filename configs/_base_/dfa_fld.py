# DFA as in the paper: VGG-16 from ImageNet, 224 x 224, SGD, batch 40.
_base_ = [
    './runtime.py',
    './fld.py',
    './models/dfa.py',
    './pipelines/paper_224.py',
]

train_dataloader = dict(dataset=dict(pipeline={{_base_.train_pipeline}}))
val_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

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
        num_landmarks={{_base_.num_landmarks}},
        pool_size=7,
        fc_channels=(4096, 4096),
        decoder={{_base_.codec}},
        # VGG-16's features are large (root mean square about 6): from wider
        # Gaussians the first landmarks would lie several crops away
        init_cfg=[
            dict(type='Normal', layer='Linear', std=0.005),
            *[
                dict(type='Normal', std=0.001, override=dict(name=name))
                for name in [
                    'fc_landmarks',
                    'fc_visibility',
                    'fc_pseudo_label',
                ]
            ],
        ],
    ),
)

# 10,000 iterations of 40 images, with the auxiliary losses at full weight for
# 2000 and at 1/20 from 4000 on (the released models' ratio of weights)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='SGD', lr=1e-3, momentum=0.9, weight_decay=5e-4),
    clip_grad=dict(max_norm=10.0),
)
param_scheduler = [
    dict(type='MultiStepLR', milestones=[8000], gamma=0.1, by_epoch=False)
]
train_cfg = dict(by_epoch=False, max_iters=10000, val_interval=1000)
val_cfg = dict()
test_cfg = dict()
default_hooks = dict(
    checkpoint=dict(by_epoch=False, interval=500),
)
log_processor = dict(by_epoch=False)
custom_hooks = [
    dict(type='PseudoLabelHook'),
    dict(type='AuxiliaryWeightHook', t1=2000, t2=4000, end=0.05),
]
