# Leeds Sports Pose in the layout that tools/dataset_converters/lsp2coco.py
# writes:
#   LSP_ROOT=data/lsp
# Left and right are the observer's ('oc'); for the person's ('pc') see
# dfa_lsp_pc_stage3.py.
# There is no validation split and none is taken off the 1000 training images;
# to hold some back, give both data sets `indices`.
dataset_type = 'LSPDataset'
data_root = '{{$LSP_ROOT:data/lsp}}'
num_landmarks = 14

# People in sports: turned by up to 40 degrees, scaled by 0.75 to 1.3, moved,
# mirrored with left and right exchanged. The box is the joints' own, widened
# by 10 % of its long side on every side by lsp2coco.py; its square is 10 %
# larger again.
augmentation = [
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
]

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=True,
    drop_last=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        convention='oc',
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
        convention='oc',
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
