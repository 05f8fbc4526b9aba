# What the training data is worth (tools/reproduce.py sources): the cascade of
# the default model at 128 x 128 on real photographs, half of them worn. Tested
# on flat and worn garments apart, each in its box and in the whole picture.
_base_ = '../../default_model/dfa_garments_real_stage3.py'

codec = dict(type='LandmarkLabel', input_size=(128, 128))
crop = dict(type='TopdownAffine', input_size=codec['input_size'])
# up to the crop as at 160 x 160
train_pipeline = [
    *_base_.train_pipeline[:4],
    crop,
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [crop, dict(type='PackLandmarkInputs')]
model = dict(head=dict(decoder=codec))

# for the other rows: what is drawn shows no photograph, what is composed is
# made of the real ones' training split
real_flat, real_worn = _base_.sets['train']
composed = dict(real_flat, data_root='{{$WORN_ROOT:data/worn_composites}}')
drawn = dict(real_flat, data_root='{{$SYNTHFLD_ROOT:data/synthfld}}')
self_flat = dict(real_flat, data_root='{{$SELF_FLAT_ROOT:data/self_flat}}')
self_worn = dict(real_flat, data_root='{{$SELF_STREET_ROOT:data/self_street}}')

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='MixedLandmarkDataset',
        datasets=[real_flat, real_worn],
        shares=[1, 1],
        # about as many as there are real ones, whatever the mixture
        size=1440,
        pipeline=train_pipeline,
    )
)
val_dataloader = dict(
    dataset=dict(pipeline=[*_base_.test_pipeline[:2], *test_pipeline])
)

views = dict(
    box=dict(type='GetBBoxCenterScale', padding=1.15),
    whole=dict(type='RandomContext', prob=1.0, whole_prob=1.0, padding=1.15),
)
test_dataloader = dict(
    dataset=dict(
        datasets=[
            dict(
                part,
                pipeline=[
                    dict(type='LoadImage'),
                    views[view],
                    dict(type='NameDataset', name=f'{name} {view}'),
                ],
            )
            for name, part in zip(('flat', 'worn'), _base_.sets['test'])
            for view in views
        ],
        pipeline=test_pipeline,
    )
)
test_evaluator = [
    *_base_.test_evaluator,
    dict(type='ByDataset', metrics=_base_.test_evaluator),
]
