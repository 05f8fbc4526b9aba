# Table 2, stage 2: "direct regression", no pseudo-labels in this stage.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    stages=[_base_.model.stages[0], dict(pseudo_label=None)], num_stages=2
)
