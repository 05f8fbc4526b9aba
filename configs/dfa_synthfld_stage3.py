# The embedded default: SynthFLD, and a network for two CPU cores.
_base_ = './backbones/dfa_fld_efficientnet-lite0_stage3.py'

data_root = '{{$SYNTHFLD_ROOT:data/synthfld}}'
train_dataloader = dict(dataset=dict(data_root=data_root))
val_dataloader = dict(dataset=dict(data_root=data_root))
test_dataloader = dict(dataset=dict(data_root=data_root))

# in so few iterations a lower weight learns nothing of visibility
model = dict(head=dict(visibility_weight=1.0))

max_epochs = 3
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=50),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(max_epochs=max_epochs, val_interval=max_epochs)
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=200, t2=400, end=0.25),
]
