# Table 2, stage 3: "+ p.-labels (offset)", routed.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    stages=[
        *_base_.model.stages[:2],
        dict(
            pseudo_label=dict(
                space='offset', num_clusters=20, temperature=20.0
            ),
            branches=2,
        ),
    ]
)
