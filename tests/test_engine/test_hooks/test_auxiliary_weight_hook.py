from types import SimpleNamespace

import pytest
from mmpose.registry import HOOKS

from dfa_mm.engine.hooks.auxiliary_weight_hook import (
    falling_weight,
    printed_weight,
)


@pytest.mark.parametrize(
    ('t', 'weight'),
    [(0, 1.0), (1999, 1.0), (2000, 1.0), (3000, 0.5), (3500, 0.25), (4000, 0)],
)
def test_the_text_of_eq4_at_the_papers_t1_and_t2(t, weight):
    assert falling_weight(t, 2000, 4000, end=0.0) == weight


@pytest.mark.parametrize(
    ('t', 'weight'),
    # (t - 2000) / 2000 between: 500 / 2000, 1000 / 2000, 1999 / 2000
    [
        *[(0, 1.0), (1999, 1.0), (2000, 0.0), (2500, 0.25), (3000, 0.5)],
        *[(3999, 0.9995), (4000, 0.0), (9999, 0.0)],
    ],
)
def test_eq4_as_printed_at_the_papers_t1_and_t2(t, weight):
    assert printed_weight(t, 2000, 4000) == weight


def test_what_remains_by_hand():
    # 1 - (1 - 0.05) / 2
    assert falling_weight(3000, 2000, 4000, end=0.05) == 0.525
    assert falling_weight(9999, 2000, 4000, end=0.05) == 0.05


def test_a_step_is_allowed():
    assert falling_weight(4, 5, 5, end=0.0) == 1.0
    assert falling_weight(5, 5, 5, end=0.0) == 0.0
    assert printed_weight(5, 5, 5) == 0.0


def set_at(iteration, **arguments):
    """What the hook tells the model before an iteration."""
    told = []
    model = SimpleNamespace(set_auxiliary_weights=lambda *x: told.append(x))
    hook = HOOKS.build(dict(type='AuxiliaryWeightHook', **arguments))
    hook.before_train_iter(SimpleNamespace(model=model, iter=iteration), 0)
    return told


def test_hook_sets_both_weights():
    # half-way from 1 to 0.5
    assert set_at(15, t1=10, t2=20, end=0.5) == [(0.75, 0.75)]


def test_hook_follows_eq4_as_printed_if_asked():
    # 4 of 10 iterations behind t1: 0.6 as the text says, 0.4 as printed
    assert set_at(14, t1=10, t2=20) == [(0.6, 0.6)]
    assert set_at(14, t1=10, t2=20, as_printed=True) == [(0.4, 0.4)]


def test_nothing_remains_of_eq4_as_printed():
    with pytest.raises(ValueError, match='end=0.05'):
        set_at(0, end=0.05, as_printed=True)


def test_resumed_run_goes_on_where_it_was():
    # a new hook, for the first time at iteration 3000
    assert set_at(3000) == [(0.5, 0.5)]


@pytest.mark.parametrize(('t1', 't2'), [(5, 4), (-1, 4)])
def test_order_of_t1_and_t2_is_checked(t1, t2):
    with pytest.raises(ValueError, match=f't1={t1} and t2={t2}'):
        set_at(0, t1=t1, t2=t2)
