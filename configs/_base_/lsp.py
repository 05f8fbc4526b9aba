# Leeds Sports Pose in the layout that tools/dataset_converters/lsp2coco.py
# writes. The folder and whose left and right is meant come from the
# environment:
#   LSP_ROOT=data/lsp  LSP_CONVENTION=oc|pc (observer's, person's)
# There is no validation split and none is taken off the 1000 training images;
# to hold some back, give both data sets `indices`.
dataset_type = 'LSPDataset'
data_root = '{{$LSP_ROOT:data/lsp}}'
convention = '{{$LSP_CONVENTION:oc}}'
num_landmarks = 14

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        convention=convention,
        split='train',
    ),
)
test_dataloader = dict(
    batch_size=50,
    num_workers=2,
    persistent_workers=False,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        convention=convention,
        split='test',
        test_mode=True,
    ),
)
val_cfg = None
val_dataloader = None
val_evaluator = None
test_cfg = dict()
test_evaluator = [
    dict(type='PCP'),
    dict(type='TorsoPCK'),
    dict(type='NormalizedError'),
    dict(type='VisibilityAccuracy'),
]
