# lsp_maps_efficientnet-lite0.py with VGG-16 at 224 x 224.
_base_ = '../dfa_lsp_maps_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)

max_epochs = 480
stage_settings = dict(_delete_=True)
param_scheduler = [
    _base_.param_scheduler[0],
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-6,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(max_epochs=max_epochs)
