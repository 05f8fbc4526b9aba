# Boxes round a garment, or the whole picture in their place; moved, turned,
# scaled, mirrored and recoloured.
codec = dict(type='LandmarkLabel', input_size=(160, 160))

train_pipeline = [
    dict(type='LoadImage'),
    dict(type='RandomContext', prob=0.35, padding=1.15),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.08,
        shift_prob=0.6,
        scale_factor=(0.8, 1.3),
        rotate_factor=35,
        rotate_prob=0.5,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.15),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
