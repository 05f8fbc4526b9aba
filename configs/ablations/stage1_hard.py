# Table 2, stage 1: "+ p.-labels (T = 1)", practically zero but for the
# nearest cluster. Of any cascade:
#   --stage 1 --cfg-options model.stages.0.pseudo_label.temperature=1.0
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[
        dict(
            pseudo_label=dict(
                space='absolute', num_clusters=20, temperature=1.0
            )
        )
    ],
    num_stages=1,
)
