# MMPose's residual log-likelihood head, on equal terms.
_base_ = './fld_regression_efficientnet-lite0.py'

model = dict(
    head=dict(
        _delete_=True,
        type='RLEHead',
        in_channels=320,
        num_joints=_base_.num_landmarks,
        loss=dict(type='RLELoss', use_target_weight=True),
        decoder=_base_.codec,
    )
)
