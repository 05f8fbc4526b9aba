# Table 2, stage 3: "+ p.-labels (offset)", routed. Of any cascade:
#   --cfg-options model.stages.2.pseudo_label.space=offset
#   model.stages.2.pseudo_label.temperature=20.0
_base_ = '../dfa_fld_stage3.py'

model = dict(
    stages=[
        *_base_.model.stages[:2],
        dict(
            branches=2,
            pseudo_label=dict(
                space='offset', num_clusters=20, temperature=20.0
            ),
        ),
    ]
)
