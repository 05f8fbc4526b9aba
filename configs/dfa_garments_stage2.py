_base_ = './dfa_garments_stage3.py'

model = dict(num_stages=2)
