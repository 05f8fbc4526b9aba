# Direct regression: stage 1 of the cascade that DFA_CASCADE names, without
# pseudo-labels. Visibility is learnt too, as in the paper's row of that name;
# without it: --cfg-options model.head.visibility_weight=0
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)
