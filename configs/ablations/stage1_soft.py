# Table 2, stage 1: "+ p.-labels (T = 20)", what the cascade goes on with.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    stages=[
        dict(
            pseudo_label=dict(
                space='absolute', num_clusters=20, temperature=20.0
            )
        )
    ],
    num_stages=1,
)
