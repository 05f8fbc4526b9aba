# Table 2, stage 1: "- visibility", landmarks alone.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    head=dict(visibility_weight=0.0),
    stages=[dict(pseudo_label=None)],
    num_stages=1,
)
