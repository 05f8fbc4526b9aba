# People in sports: turned by up to 40 degrees, scaled by 0.75 to 1.3, moved,
# mirrored with left and right exchanged, recoloured. The box is the joints'
# own, widened by 10 % of its long side on every side by lsp2coco.py; its
# square is 10 % larger again.
codec = dict(type='LandmarkLabel', input_size=(128, 128))

train_transforms = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.1),
    dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
    dict(
        type='RandomBBoxTransform',
        shift_factor=0.08,
        shift_prob=0.5,
        scale_factor=(0.75, 1.3),
        rotate_factor=40,
        rotate_prob=0.6,
    ),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PhotometricDistortion'),
]
train_pipeline = [
    *train_transforms,
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackLandmarkInputs'),
]
test_pipeline = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.1),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='PackLandmarkInputs'),
]
