# What the backbones from ImageNet share: 224 x 224, augmentation, AdamW. The
# learning rates are those that MMPose trains each family with; they were not
# tuned on FLD.
_base_ = [
    './runtime.py',
    './fld.py',
    './models/dfa_imagenet.py',
    './pipelines/augmented_224.py',
]

train_dataloader = dict(dataset=dict(pipeline={{_base_.train_pipeline}}))
val_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

model = dict(
    head=dict(num_landmarks={{_base_.num_landmarks}}, decoder={{_base_.codec}})
)

max_epochs = 12
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
