# One network that reads landmarks off maps: the first stage of the cascade
# that does, without pseudo-labels, trained for the budget of all three.
_base_ = '../backbones/dfa_lsp_maps_efficientnet-lite0_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)

max_epochs = 40
stage_settings = dict(_delete_=True)
param_scheduler = [
    _base_.param_scheduler[0],
    dict(
        type='CosineAnnealingLR',
        T_max=max_epochs,
        eta_min=1e-5,
        by_epoch=True,
        convert_to_iter_based=True,
    ),
]
train_cfg = dict(max_epochs=max_epochs)
