# Stage 1 of dfa_any_photo_stage3.py, trained on with larger crops: the network
# that is shipped.
#   FLAT_ROOT=data/flat  STREET_PHOTOS_ROOT=data/street_photos
_base_ = './dfa_any_photo_stage3.py'

# another: --cfg-options load_from=...
load_from = 'work_dirs/dfa_any_photo_stage1/epoch_36.pth'

codec = dict(_base_.codec, input_size=(224, 224))
crop = dict(type='TopdownAffine', input_size=codec['input_size'])
upright = [
    *_base_.train_pipeline[:6],
    crop,
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
# who photographs a garment lying flat may stand at its side
any_way_up = [
    *_base_.train_pipeline[:5],
    dict(_base_.train_pipeline[5], rotate_factor=120, rotate_prob=0.6),
    *upright[6:],
]
flat, worn = _base_.sets['train']
test_pipeline = [
    *_base_.test_pipeline[:2],
    crop,
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(
    dataset=dict(
        datasets=[
            dict(flat, pipeline=any_way_up),
            dict(worn, pipeline=upright),
        ],
        pipeline=[],
    )
)
val_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))

model = dict(num_stages=1, head=dict(decoder=codec))

stage_settings = {
    1: {'train_cfg.max_epochs': 24, 'param_scheduler.1.T_max': 24},
}
optim_wrapper = dict(optimizer=dict(lr=5e-4))
custom_hooks = [
    *_base_.custom_hooks[:2],
    dict(type='EMAHook', momentum=0.005),
]
