# MMPose's residual log-likelihood head on LSP, on equal terms.
_base_ = './lsp_regression_vgg16.py'

model = dict(
    head=dict(
        _delete_=True,
        type='RLEHead',
        in_channels=512,
        num_joints=_base_.num_landmarks,
        loss=dict(type='RLELoss', use_target_weight=True),
        decoder=_base_.codec,
    )
)
