# The model that comes with the package, see README.md beside this file.
_base_ = './dfa_any_photo_larger.py'

model = dict(
    # all weights are in the checkpoint
    backbone=dict(init_cfg=None),
)
