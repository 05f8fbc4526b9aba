# The shipped cascade's training with photographs alone.
_base_ = '../dfa_garments_stage3.py'

train_dataloader = dict(
    dataset=dict(
        datasets=_base_.sets['train'][:2], sample_ratio_factor=[1.0, 1.5]
    )
)
