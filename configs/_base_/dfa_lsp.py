# DFA on LSP as in the paper: VGG-16 from ImageNet, 224 x 224, SGD, batch 40;
# the paper does not say for how long nor with which augmentation.
_base_ = [
    './runtime.py',
    './lsp.py',
    './models/dfa_vgg16.py',
    './pipelines/lsp_224.py',
]

train_dataloader = dict(
    batch_size=40, dataset=dict(pipeline={{_base_.train_pipeline}})
)
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

model = dict(
    head=dict(
        num_landmarks={{_base_.num_landmarks}}, decoder={{_base_.codec}}
    ),
    test_cfg=dict(flip_test=True),
)

# 10,000 iterations per network, as on FLD: 25 make an epoch
max_epochs = 400
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='SGD', lr=1e-3, momentum=0.9, weight_decay=5e-4),
    clip_grad=dict(max_norm=10.0),
)
param_scheduler = [
    dict(type='MultiStepLR', milestones=[320], gamma=0.1, by_epoch=True)
]
train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
default_hooks = dict(checkpoint=dict(interval=10))
custom_hooks = [
    dict(type='PseudoLabelHook'),
    dict(type='AuxiliaryWeightHook', t1=2000, t2=4000, end=0.05),
]
