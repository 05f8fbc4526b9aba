# Fashion landmarks in the layout that tools/dataset_converters/fld2coco.py
# writes, all kinds of garments together:
#   FLD_ROOT=data/fld
dataset_type = 'FLDDataset'
data_root = '{{$FLD_ROOT:data/fld}}'
num_landmarks = 8

train_dataloader = dict(
    batch_size=40,
    num_workers=2,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='FLDDataset', data_root=data_root, subset='all', split='train'
    ),
)
val_dataloader = dict(
    batch_size=40,
    num_workers=2,
    persistent_workers=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type='FLDDataset',
        data_root=data_root,
        subset='all',
        split='val',
        test_mode=True,
    ),
)
test_dataloader = dict(
    batch_size=40,
    num_workers=2,
    persistent_workers=False,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type='FLDDataset',
        data_root=data_root,
        subset='all',
        split='test',
        test_mode=True,
    ),
)
val_evaluator = [
    dict(type='NormalizedError'),
    dict(type='PDL'),
    dict(type='VisibilityAccuracy'),
]
test_evaluator = val_evaluator
