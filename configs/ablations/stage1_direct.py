# Table 2, stage 1: "direct regression", landmarks and visibility alone. Of
# any cascade:
#   --stage 1 --cfg-options model.stages.0.pseudo_label=None
_base_ = '../dfa_fld_stage3.py'

model = dict(stages=[dict(pseudo_label=None)], num_stages=1)
