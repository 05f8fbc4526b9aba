# SynthFLD alone: no photograph at all.
_base_ = './sources_real.py'

train_dataloader = dict(dataset=dict(datasets=[_base_.drawn], shares=[1]))
