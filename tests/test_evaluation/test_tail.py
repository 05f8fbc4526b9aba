import numpy as np
import pytest

from dfa_mm.evaluation.tail import describe_tail, gross_share


def test_by_hand():
    errors = [[0.01, 0.02], [0.03, 0.04], [0.40, np.nan]]
    # Sum .5 of 5. Sorted, the third of five is .03. The 90th percentile lies
    # at 0.9 * 4 = 3.6, between .04 and .4: .04 + .6 * .36 = .256.
    assert describe_tail(errors) == pytest.approx(
        {'mean': 0.1, 'median': 0.03, 'p90': 0.256, 'gross': 0.2, 'count': 5}
    )


def test_exactly_the_limit_is_not_gross():
    assert gross_share([0.15, 0.16, np.nan, np.inf]) == pytest.approx(2 / 3)


def test_a_diverged_prediction_is_in_the_tail():
    found = describe_tail([0.1, 0.1, 0.1, np.inf])
    assert found['mean'] == np.inf
    assert found['median'] == 0.1
    assert found['gross'] == 0.25


def test_nothing_known():
    for errors in ([], [[np.nan]]):
        found = describe_tail(errors)
        assert found.pop('count') == 0
        assert np.isnan(list(found.values())).all()
