# The model that comes with the package, see README.md beside this file.
_base_ = './dfa_garments_real_stage3.py'

# it was trained with labels i / W - 0.5
codec = dict(_base_.codec, pixel_centre=0.0)
train_pipeline = [
    *_base_.train_pipeline[:-2],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))

model = dict(
    # all weights are in the checkpoint
    backbone=dict(init_cfg=None),
    head=dict(decoder=codec),
)
