# Direct regression for as many epochs as the cascade's three stages together.
_base_ = './photos_direct_efficientnet-lite0.py'

max_epochs = 3 * _base_.max_epochs
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
