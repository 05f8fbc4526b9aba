# Three quarters real photographs, so that the few worn ones do not drown, and
# a quarter synthetic ones.
_base_ = './sources_real.py'

train_dataloader = dict(
    dataset=dict(
        datasets=[
            _base_.real_flat,
            _base_.real_worn,
            _base_.drawn,
            _base_.composed,
        ],
        shares=[3, 3, 1, 1],
    )
)
