from types import SimpleNamespace

import torch
from torch import nn

from dfa_mm.engine.hooks import ChannelsLastHook


def test_the_same_results_with_channels_last():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 1))
    x = torch.randn(2, 3, 8, 8)
    before = model(x)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)

    ChannelsLastHook().before_run(SimpleNamespace(model=model))
    after = model(x)

    assert before.is_contiguous()
    assert after.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(after, before)
    # the optimizer still holds the model's own weights
    after.sum().backward()
    optimizer.step()
    assert not torch.allclose(model(x), before)
