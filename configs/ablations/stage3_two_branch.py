# Table 2, stage 3: "+ two-branch", both trained on everything and averaged.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    stages=[
        *_base_.model.stages[:2],
        dict(pseudo_label=None, branches=2),
    ],
    routing='average',
)
