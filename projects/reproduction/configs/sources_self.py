# As sources_both.py, a third of the real photographs' share for photographs
# that a model has labelled.
_base_ = './sources_real.py'

train_dataloader = dict(
    dataset=dict(
        datasets=[
            _base_.real_flat,
            _base_.real_worn,
            _base_.drawn,
            _base_.composed,
            _base_.self_flat,
            _base_.self_worn,
        ],
        shares=[2, 2, 1, 1, 1, 1],
    )
)
