# Table 2, stage 3: "+ two-branch", both trained on everything and averaged.
# Of any cascade:
#   --cfg-options model.stages.2.pseudo_label=None model.routing=average
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[*_base_.model.stages[:2], dict(branches=2, pseudo_label=None)],
    routing='average',
)
