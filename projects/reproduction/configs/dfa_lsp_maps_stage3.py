# A departure from the paper: every stage reads its landmarks off maps instead
# of regressing them, later stages see the previous landmarks drawn, AdamW and
# a cosine, each stage starts from the one before. Made for an accelerator.
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
        type='MapDFAHead',
        in_channels=256,
        fc_channels=(1024, 1024),
        maps=dict(channels=128),
        loss_landmark=dict(type='LandmarkMapLoss'),
        visibility_weight=0.2,
        init_cfg=None,
    ),
)

# of stage 3, where an image trains one of the two branches: 480 passes in all
max_epochs = 160
stage_settings = {
    1: {'train_cfg.max_epochs': 220, 'param_scheduler.1.T_max': 220},
    2: {'train_cfg.max_epochs': 100, 'param_scheduler.1.T_max': 100},
}
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=5e-4, weight_decay=0.02),
    clip_grad=dict(max_norm=5.0),
)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.02, by_epoch=False, end=200),
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-6,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(max_epochs=max_epochs)
custom_hooks = [
    dict(type='PseudoLabelHook', start_from_previous=True),
    dict(type='AuxiliaryWeightHook', t1=1000, t2=2000, end=0.25),
]
