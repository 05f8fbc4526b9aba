# SynthFLD and composites of the training photographs, as much of each.
_base_ = './sources_real.py'

train_dataloader = dict(
    dataset=dict(datasets=[_base_.drawn, _base_.composed], shares=[1, 1])
)
