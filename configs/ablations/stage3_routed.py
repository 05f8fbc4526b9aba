# Table 2, stage 3: "+ auto-routing", no pseudo-labels in this stage. Of any
# cascade:
#   --cfg-options model.stages.2.pseudo_label=None
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[*_base_.model.stages[:2], dict(branches=2, pseudo_label=None)]
)
