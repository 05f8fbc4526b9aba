# Not in the paper: stage 2 also sees the features round the landmarks of
# stage 1, where the paper's knows of them by their coordinates alone.
_base_ = './stage3_local.py'

model = dict(stages=_base_.model.stages[:2], num_stages=2)
