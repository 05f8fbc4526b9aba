# DFA behind any backbone of MMPose, mmpretrain or timm that was trained on
# ImageNet in the usual way (RGB, the usual mean and deviation): 224 x 224,
# augmentation, AdamW. A config adds model.backbone and
# model.neck.in_channels. The learning rates are those that MMPose trains each
# family with; they were not tuned on FLD.
_base_ = ['./runtime.py', './fld.py', './cascade.py']

codec = dict(type='LandmarkLabel', input_size=(224, 224))
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.2),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.08,
        shift_prob=0.5,
        scale_factor=(0.8, 1.25),
        rotate_factor=30,
        rotate_prob=0.5,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.2),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))

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
        num_landmarks=_base_.num_landmarks,
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
        decoder=codec,
    ),
    test_cfg=dict(flip_test=True),
    **_base_.cascade,
)

max_epochs = 12
auto_scale_lr = dict(base_batch_size=40)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=5e-4, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=500),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=max_epochs, val_interval=4)
val_cfg = dict()
test_cfg = dict()
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=2000, t2=4000, end=0.25),
]
