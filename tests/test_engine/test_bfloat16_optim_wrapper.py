import torch
from mmengine.optim import build_optim_wrapper
from torch import nn

import dfa_mm  # noqa: F401


def test_multiplies_in_bfloat16_and_steps_in_float32():
    model = nn.Linear(2, 1, bias=False)
    nn.init.ones_(model.weight)
    wrapper = build_optim_wrapper(
        model,
        dict(
            type='BFloat16OptimWrapper',
            optimizer=dict(type='SGD', lr=0.5),
        ),
    )
    with wrapper.optim_context(model):
        output = model(torch.tensor([[1.0, 3.0]]))
    assert output.dtype == torch.bfloat16
    wrapper.update_params(output.float().sum())
    # 1 - 0.5 * input
    assert model.weight.dtype == torch.float32
    assert model.weight.tolist() == [[0.5, -0.5]]
    assert model(torch.zeros(1, 2)).dtype == torch.float32
