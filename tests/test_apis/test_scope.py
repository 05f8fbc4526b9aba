import logging
from collections import OrderedDict

import pytest
from mmengine.logging import MMLogger
from mmengine.registry import DefaultScope, init_default_scope

from dfa_mm.apis import kept_scope


def scope():
    return DefaultScope.get_current_instance().scope_name


@pytest.mark.parametrize('before', ['mmpose', 'mmdet'])
def test_the_scope_before_is_back(before):
    init_default_scope(before)
    with kept_scope():
        init_default_scope('mmengine')
        assert scope() == 'mmengine'
    assert scope() == before
    init_default_scope('mmpose')


@kept_scope()
def fail():
    init_default_scope('mmdet')
    raise OSError('no detector')


def test_it_is_back_after_an_error():
    init_default_scope('mmpose')
    with pytest.raises(OSError, match='no detector'):
        fail()
    assert scope() == 'mmpose'


def test_nothing_is_said_of_it(monkeypatch):
    # as in a process that has asked for no scope yet
    monkeypatch.setattr(DefaultScope, '_instance_dict', OrderedDict())
    said = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'handlers', [])
    handler = logging.Handler()
    handler.emit = said.append
    logger.addHandler(handler)
    init_default_scope('mmpose')
    for _ in range(2):  # the second detector comes back to a known scope
        with kept_scope():
            init_default_scope('mmdet')
        init_default_scope('mmpose')
    assert said == []
