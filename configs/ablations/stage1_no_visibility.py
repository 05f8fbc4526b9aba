# Table 2, stage 1: "- visibility", landmarks alone. Of any cascade:
#   --stage 1 --cfg-options model.stages.0.pseudo_label=None
#   model.head.visibility_weight=0.0
_base_ = '../dfa_fld_stage3.py'

model = dict(
    head=dict(visibility_weight=0.0),
    stages=[dict(pseudo_label=None)],
    num_stages=1,
)
