# The detector that comes with the project, see README.md beside this file.
_base_ = 'configs/centernet_efficientnet-lite0_garments.py'

model = dict(
    # all weights are in the checkpoint
    backbone=dict(init_cfg=None),
    # chosen on validation: no garment in drawn pictures and backgrounds
    test_cfg=dict(score_thr=0.35),
)
