# What dfa_garments_real_stage3.py has learned, trained on with photographs
# that it labelled itself and with composites. Of every 16 pictures about eight
# are labelled by hand. Level with the shipped model (docs/photos_data.md):
#   --stage 1 --cfg-options load_from=STAGE1.pth
# trains its stage 1 on.
#   FLATLAY_ROOT=data/flatlay_fld  STREET_ROOT=data/street_fld
#   WORN_ROOT=data/worn_composites
#   SELF_FLAT_ROOT=data/self_flat  SELF_STREET_ROOT=data/self_street
_base_ = './dfa_garments_stage3.py'

self_flat = dict(_base_.flat, data_root='{{$SELF_FLAT_ROOT:data/self_flat}}')
self_street = dict(
    _base_.flat, data_root='{{$SELF_STREET_ROOT:data/self_street}}'
)

train_dataloader = dict(
    dataset=dict(
        datasets=[
            *_base_.train_dataloader.dataset.datasets,
            self_flat,
            self_street,
        ],
        sample_ratio_factor=[1.0, 1.5, 0.2, 0.5, 1.0],
    )
)

# twice as many pictures make an epoch; stage 1 starts from the other's
max_epochs = 4
stage_settings = {
    1: {
        'train_cfg.max_epochs': 12,
        'param_scheduler.1.T_max': 12,
        'optim_wrapper.optimizer.lr': 5e-4,
    },
    2: {'train_cfg.max_epochs': 4, 'param_scheduler.1.T_max': 4},
}
train_cfg = dict(max_epochs=max_epochs)
warm_up, cosine = _base_.param_scheduler
param_scheduler = [warm_up, dict(cosine, T_max=max_epochs)]
