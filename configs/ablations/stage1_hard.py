# Table 2, stage 1: "+ p.-labels (T = 1)", practically zero but for the
# nearest cluster.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    stages=[
        dict(
            pseudo_label=dict(
                space='absolute', num_clusters=20, temperature=1.0
            )
        )
    ],
    num_stages=1,
)
