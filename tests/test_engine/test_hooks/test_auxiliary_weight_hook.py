from types import SimpleNamespace

import pytest
from mmpose.registry import HOOKS

from dfa_mm.engine.hooks.auxiliary_weight_hook import scheduled_weight


@pytest.mark.parametrize(
    ('t', 'weight'),
    [(0, 1.0), (1999, 1.0), (2000, 1.0), (3000, 0.5), (3500, 0.25), (4000, 0)],
)
def test_eq4_at_the_papers_t1_and_t2(t, weight):
    assert scheduled_weight(t, 1.0, 0.0, 2000, 4000) == weight


def test_what_remains_by_hand():
    # 1 - (1 - 0.05) / 2
    assert scheduled_weight(3000, 1.0, 0.05, 2000, 4000) == 0.525
    assert scheduled_weight(9999, 1.0, 0.05, 2000, 4000) == 0.05


def test_a_step_is_allowed():
    assert scheduled_weight(4, 1.0, 0.0, 5, 5) == 1.0
    assert scheduled_weight(5, 1.0, 0.0, 5, 5) == 0.0


def set_at(iteration, **arguments):
    """What the hook tells the model before an iteration."""
    told = []
    model = SimpleNamespace(set_auxiliary_weights=lambda *x: told.append(x))
    hook = HOOKS.build(dict(type='AuxiliaryWeightHook', **arguments))
    hook.before_train_iter(SimpleNamespace(model=model, iter=iteration), 0)
    return told


def test_hook_sets_both_weights():
    arguments = dict(alpha=2.0, beta=4.0, t1=10, t2=20, end=0.5)
    # half-way from 1 to 0.5: 0.75
    assert set_at(15, **arguments) == [(1.5, 3.0)]


def test_resumed_run_goes_on_where_it_was():
    # a new hook, for the first time at iteration 3000
    assert set_at(3000) == [(0.5, 0.5)]


@pytest.mark.parametrize(('t1', 't2'), [(5, 4), (-1, 4)])
def test_order_of_t1_and_t2_is_checked(t1, t2):
    with pytest.raises(ValueError, match=f't1={t1} and t2={t2}'):
        set_at(0, t1=t1, t2=t2)
