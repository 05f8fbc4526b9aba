# Not in the paper: DFA whose stages 2 and 3 also see the features round the
# landmarks of the stage before (stage2_local.py).
_base_ = './stage3_contextual.py'

local = dict(head=dict(type='LocalDFAHead', sampler=dict()))

model = dict(
    stages=[
        _base_.model.stages[0],
        *[dict(local, **stage) for stage in _base_.model.stages[1:]],
    ]
)
