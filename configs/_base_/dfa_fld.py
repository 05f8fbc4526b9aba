# DFA as in the paper: VGG-16 from ImageNet, 224 x 224, SGD, batch 40.
_base_ = [
    './runtime.py',
    './fld.py',
    './models/dfa_vgg16.py',
    './pipelines/paper_224.py',
]

train_dataloader = dict(dataset=dict(pipeline={{_base_.train_pipeline}}))
val_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))
test_dataloader = dict(dataset=dict(pipeline={{_base_.test_pipeline}}))

model = dict(
    head=dict(num_landmarks={{_base_.num_landmarks}}, decoder={{_base_.codec}})
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
