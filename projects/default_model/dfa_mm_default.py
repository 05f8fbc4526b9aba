# The model that comes with the package, see README.md beside this file.
_base_ = './dfa_garments_real_stage3.py'

# all weights are in the checkpoint
model = dict(backbone=dict(init_cfg=None))
