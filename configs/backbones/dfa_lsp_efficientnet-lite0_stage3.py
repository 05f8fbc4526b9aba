# The cascade on LSP with a network for two CPU cores. It regresses landmarks
# and offsets as the paper's does.
_base_ = [
    '../_base_/runtime.py',
    '../_base_/lsp.py',
    '../_base_/models/dfa_efficientnet-lite0.py',
    '../_base_/pipelines/lsp_128.py',
]

train_dataloader = dict(dataset=dict(pipeline={{_base_.train_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

model = dict(
    head=dict(num_landmarks={{_base_.num_landmarks}}, decoder={{_base_.codec}})
)

max_epochs = 10
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.05, by_epoch=False, end=60),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=200, t2=400, end=0.25),
]
