# Table 2, stage 3: "direct regression", one network without pseudo-labels.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(stages=[*_base_.model.stages[:2], dict(pseudo_label=None)])
