# Table 2, stage 2: "+ p.-labels (offset)", what the cascade goes on with.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(stages=_base_.model.stages[:2], num_stages=2)
