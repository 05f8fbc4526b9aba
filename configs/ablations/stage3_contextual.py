# Table 2, stage 3: "+ p.-labels (c. offset)", the whole DFA.
_base_ = '../{{$DFA_CASCADE:dfa_fld}}_stage3.py'

model = dict(num_stages=3)
