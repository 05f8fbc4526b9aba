_base_ = './deeppose_fld_stage3.py'

model = dict(num_stages=2)
