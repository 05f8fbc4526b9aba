# Direct regression for as many iterations as the cascade's three stages
# together: stage 1 without pseudo-labels of the cascade that DFA_CASCADE
# names. For as many as one stage: configs/ablations/stage1_direct.py.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)

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
