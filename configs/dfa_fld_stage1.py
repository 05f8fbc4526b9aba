_base_ = './dfa_fld_stage3.py'

model = dict(num_stages=1)
