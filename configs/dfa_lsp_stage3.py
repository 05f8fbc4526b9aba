# The paper's cascade on Leeds Sports Pose: VGG-16 from ImageNet, 224 x 224,
# SGD, batch 40; the paper does not say for how long nor with which
# augmentation. Trains stages 1 and 2 first where they are missing.
_base_ = [
    './_base_/runtime.py',
    './_base_/lsp.py',
    './_base_/cascade.py',
    './_base_/models/dfa_vgg16.py',
]

codec = dict(type='LandmarkLabel', input_size=(224, 224))
train_pipeline = [
    *_base_.augmentation,
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    *_base_.augmentation[:2],
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(batch_size=40, dataset=dict(pipeline=train_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))

model = dict(
    head=dict(num_landmarks=_base_.num_landmarks, decoder=codec),
    test_cfg=dict(flip_test=True),
    **_base_.cascade,
)

# 10,000 iterations per network, as on FLD: 25 make an epoch
max_epochs = 400
auto_scale_lr = dict(base_batch_size=40)
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
