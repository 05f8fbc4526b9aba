import logging

import pytest
import torch
from mmengine.logging import MMLogger
from torch import nn

from dfa_mm.models.given_buffers import GivenBuffers


class Threshold(GivenBuffers):
    def __init__(self, value, given):
        super().__init__()
        self.given = ('threshold',) if given else ()
        self.register_buffer('threshold', torch.tensor(value))


@pytest.fixture
def told(monkeypatch):
    """What the current logger is told."""
    messages = []
    logger = MMLogger.get_instance('test_given_buffers')
    monkeypatch.setattr(
        logger, 'log', lambda level, message: messages.append(message)
    )
    assert logger.isEnabledFor(logging.INFO)
    return messages


def test_log_names_both_values(told):
    model = nn.ModuleDict(dict(router=Threshold(0.9, given=True)))
    model.load_state_dict({'router.threshold': torch.tensor(0.3)})
    assert told == [
        'router.threshold is 0.9, as given; the checkpoint has 0.3'
    ]


def test_nothing_is_said_of_equal_values(told):
    # 0.3 in 16 bits is 0.29999
    stored = dict(threshold=torch.tensor(0.3).half())
    Threshold(0.3, given=True).load_state_dict(stored)
    Threshold(0.9, given=False).load_state_dict(stored)
    assert told == []


def test_checkpoint_must_have_it_all_the_same():
    with pytest.raises(RuntimeError, match='Missing key.*threshold'):
        Threshold(0.9, given=True).load_state_dict({})
