# The embedded default: SynthFLD and a small network, minutes on two CPU cores.
_base_ = [
    './_base_/runtime.py',
    './_base_/fld.py',
    './_base_/models/dfa.py',
    './_base_/pipelines/augmented_128.py',
]

data_root = '{{$SYNTHFLD_ROOT:data/synthfld}}'
train_dataloader = dict(
    batch_size=32,
    dataset=dict(data_root=data_root, pipeline={{_base_.train_pipeline}}),
)
val_dataloader = dict(
    batch_size=64,
    dataset=dict(data_root=data_root, pipeline={{_base_.test_pipeline}}),
)
test_dataloader = dict(
    batch_size=64,
    dataset=dict(data_root=data_root, pipeline={{_base_.test_pipeline}}),
)

model = dict(
    data_preprocessor=dict(
        type='PoseDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
    ),
    backbone=dict(
        type='MobileNetV3',
        arch='small',
        out_indices=(10,),
        norm_cfg=dict(type='BN'),
    ),
    head=dict(
        type='DFAHead',
        in_channels=96,
        num_landmarks={{_base_.num_landmarks}},
        pool_size=4,
        fc_channels=(512, 512),
        previous_channels=128,
        dropout=0.1,
        loss_landmark=dict(
            type='L1Loss', use_target_weight=True, loss_weight=20.0
        ),
        visibility_weight=0.2,
        loss_pseudo_label=dict(type='EuclideanLoss', loss_weight=2.0),
        decoder={{_base_.codec}},
    ),
)

max_epochs = 6
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=2e-3, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=100),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=2e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=max_epochs, val_interval=max_epochs)
val_cfg = dict()
test_cfg = dict()
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=500, t2=1000, end=0.25),
]
