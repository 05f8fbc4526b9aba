"""A short second training from the first's end, aimed at its errors.

Dresses taken for a top and a skirt: photographs of full-body garments three
times more. Garments seen in landscapes: scenes without clothes.
"""

_base_ = 'centernet_efficientnet-lite0_garments.py'

# another: --cfg-options load_from=...
load_from = 'work_dirs/first/epoch_6.pth'

street, flat, none = _base_.train_dataloader.dataset.datasets
full = {**street.dataset, 'ann_file': 'street_full_train.json'}
scenes = {**none, 'ann_file': 'scenes_train.json'}
train_dataloader = dict(
    dataset=dict(
        datasets=[
            street,
            dict(type='RepeatDataset', times=3, dataset=full),
            flat,
            none,
            dict(type='RepeatDataset', times=3, dataset=scenes),
        ]
    )
)

train_cfg = dict(
    _delete_=True, type='IterBasedTrainLoop', max_iters=400, val_interval=400
)
optim_wrapper = dict(optimizer=dict(lr=5e-4))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=20),
    dict(
        type='CosineAnnealingLR',
        by_epoch=False,
        begin=20,
        T_max=380,
        eta_min_ratio=0.01,
    ),
]
default_hooks = dict(checkpoint=dict(by_epoch=False, interval=60))
custom_hooks = [dict(type='EMAHook', momentum=0.02)]
