# Direct regression for as many epochs as the cascade's three stages
# together: stage 1 without pseudo-labels of the cascade that DFA_CASCADE
# names. For as many as one stage: configs/ablations/stage1_direct.py.
_base_ = '../{{$DFA_CASCADE:dfa_photos}}_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)

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
