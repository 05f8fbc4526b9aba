# Table 2, stage 2: "direct regression", no pseudo-labels in this stage. Of
# any cascade:
#   --stage 2 --cfg-options model.stages.1.pseudo_label=None
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[_base_.model.stages[0], dict(pseudo_label=None)], num_stages=2
)
