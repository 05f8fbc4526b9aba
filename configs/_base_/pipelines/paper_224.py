# The paper's input: the box's padded square at 224 x 224; mirrored copies.
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
