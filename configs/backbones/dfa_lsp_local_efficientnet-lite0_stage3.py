# A departure from the paper: later stages also see the features round the
# landmarks of the stage before, on a finer map, and not just where those are.
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
    head=dict(type='LocalDFAHead', sampler=dict(channels=64)),
)
