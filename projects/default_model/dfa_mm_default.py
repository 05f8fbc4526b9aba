# The model that comes with the package, see README.md beside this file.
_base_ = './dfa_garments_real_stage3.py'

model = dict(
    # all weights are in the checkpoint
    backbone=dict(init_cfg=None),
    # which was trained with labels i / W - 0.5
    head=dict(decoder=dict(pixel_centre=0.0)),
)
