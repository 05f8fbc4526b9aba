# Direct regression for as many iterations as the cascade's three stages
# together.
_base_ = './fld_direct_vgg16.py'

max_iters = 3 * _base_.train_cfg.max_iters
param_scheduler = [
    dict(
        type='MultiStepLR',
        milestones=[8 * max_iters // 10],
        gamma=0.1,
        by_epoch=False,
    )
]
train_cfg = dict(max_iters=max_iters)
