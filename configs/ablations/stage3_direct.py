# Table 2, stage 3: "direct regression", one network without pseudo-labels. Of
# any cascade:
#   --cfg-options model.stages.2.pseudo_label=None model.stages.2.branches=1
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[*_base_.model.stages[:2], dict(branches=1, pseudo_label=None)]
)
