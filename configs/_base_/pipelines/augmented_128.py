# A small input with air round the box, moved, turned, scaled and recoloured.
codec = dict(type='LandmarkLabel', input_size=(128, 128))

train_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.2),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.06,
        shift_prob=0.5,
        scale_factor=(0.85, 1.15),
        rotate_factor=20,
        rotate_prob=0.5,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.2),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
