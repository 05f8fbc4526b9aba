_base_ = './dfa_synthfld_stage3.py'

model = dict(num_stages=2)
