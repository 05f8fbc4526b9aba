# A departure from the paper: every stage reads its landmarks off maps instead
# of regressing them, and later stages see the previous landmarks drawn.
_base_ = './dfa_lsp_efficientnet-lite0_stage3.py'

model = dict(
    backbone=dict(out_stride=(8, 16)),
    neck=dict(
        _delete_=True,
        type='FPN',
        in_channels=[40, 112],
        out_channels=64,
        num_outs=2,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU'),
    ),
    head=dict(
        type='MapDFAHead',
        maps=dict(channels=128),
        loss_landmark=dict(_delete_=True, type='LandmarkMapLoss'),
    ),
)
