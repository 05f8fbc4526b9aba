# EfficientNet-Lite0 from ImageNet at 128 x 128, for small sets of photographs:
# hours on two CPU cores where VGG-16 takes days.
_base_ = [
    '../_base_/runtime.py',
    '../_base_/fld.py',
    '../_base_/models/dfa_efficientnet-lite0.py',
    '../_base_/pipelines/augmented_128.py',
]

train_dataloader = dict(
    batch_size=16, dataset=dict(pipeline={{_base_.train_pipeline}})
)
val_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

model = dict(
    head=dict(num_landmarks={{_base_.num_landmarks}}, decoder={{_base_.codec}})
)

max_epochs = 12
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02),
    # above what a healthy step has, about 10: at 5 every step was clipped,
    # and landmarks came out worse
    clip_grad=dict(max_norm=50.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=100),
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
    dict(type='AuxiliaryWeightHook', t1=500, t2=1000, end=0.25),
]
