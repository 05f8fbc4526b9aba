# A departure from the paper: later stages also see the features round the
# landmarks of the stage before, and not just where those are.
_base_ = '../../../configs/dfa_lsp_stage3.py'

model = dict(
    # strides 8, 16 and 32
    backbone=dict(out_indices=(2, 3, 4)),
    neck=dict(
        type='FPN',
        in_channels=[256, 512, 512],
        out_channels=256,
        num_outs=3,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU'),
    ),
    head=dict(
        type='LocalDFAHead', in_channels=256, sampler=dict(), init_cfg=None
    ),
)
