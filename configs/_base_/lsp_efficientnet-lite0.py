# What the cascades and MMPose's heads on LSP share on two CPU cores.
_base_ = [
    './runtime.py',
    './lsp.py',
    './models/dfa_efficientnet-lite0.py',
    './pipelines/lsp_128.py',
]

train_dataloader = dict(dataset=dict(pipeline={{_base_.train_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
