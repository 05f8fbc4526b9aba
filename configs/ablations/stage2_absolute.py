# Table 2, stage 2: "+ p.-labels (abs.)", clusters of landmark positions. Of
# any cascade:
#   --stage 2 --cfg-options model.stages.1.pseudo_label.space=absolute
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[
        _base_.model.stages[0],
        dict(
            pseudo_label=dict(
                space='absolute', num_clusters=20, temperature=20.0
            )
        ),
    ],
    num_stages=2,
)
