# Not in the paper: stage 1 with the temperature chosen on the training set,
# the median distance to the nearest centre. Where configurations vary more
# than FLD's, T = 20 makes the labels practically zero.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(
    stages=[
        dict(
            pseudo_label=dict(
                space='absolute', num_clusters=20, temperature='auto'
            )
        )
    ],
    num_stages=1,
)
