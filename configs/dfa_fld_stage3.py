# The paper's cascade: VGG-16 from ImageNet, 224 x 224, SGD, batch 40. Trains
# stages 1 and 2 first where they are missing.
_base_ = [
    './_base_/runtime.py',
    './_base_/fld.py',
    './_base_/cascade.py',
    './_base_/models/dfa_vgg16.py',
]

# the box's padded square; mirrored copies
codec = dict(type='LandmarkLabel', input_size=(224, 224))
train_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))

model = dict(
    head=dict(num_landmarks=_base_.num_landmarks, decoder=codec),
    **_base_.cascade,
)

# 10,000 iterations of 40 images, with the auxiliary losses at full weight for
# 2000 and at 1/20 from 4000 on (the released models' ratio of weights)
auto_scale_lr = dict(base_batch_size=40)
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
default_hooks = dict(checkpoint=dict(by_epoch=False, interval=500))
log_processor = dict(by_epoch=False)
custom_hooks = [
    dict(type='PseudoLabelHook'),
    dict(type='AuxiliaryWeightHook', t1=2000, t2=4000, end=0.05),
]
