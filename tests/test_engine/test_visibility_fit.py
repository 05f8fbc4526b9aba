import numpy as np
import pytest

from dfa_mm.engine.visibility_fit import fit_biases, fit_temperature
from dfa_mm.models.visibility_calibration import decide


def two_ways(occluded):
    """Probabilities (M, 3) of which that of cut off is 0.02."""
    occluded = np.asarray(occluded, float)
    rest = np.full_like(occluded, 0.02)
    return np.stack([0.98 - occluded, occluded, rest], 1)


# Ten visible landmarks, and four occluded ones of which one is found.
VISIBLE = [0.05, 0.05, 0.1, 0.1, 0.15, 0.15, 0.2, 0.25, 0.3, 0.4]
OCCLUDED = [0.12, 0.28, 0.35, 0.6]
SCORES = two_ways(VISIBLE + OCCLUDED)
TRUTH = np.array([0] * 10 + [1] * 4)
ONE_PART = np.zeros(14, int)


def recalls(biases, scores=SCORES, truth=TRUTH):
    told = decide(scores, biases)
    return [(told == truth)[truth == s].mean() for s in np.unique(truth)]


def test_as_many_as_may_be_given_up():
    # With one visible landmark given up, .4, those of .35 and more are found;
    # with two, .4 and .3, nobody gains; with three, .28 too.
    biases = fit_biases(SCORES, TRUTH, ONE_PART, least_visible=0.9)
    assert recalls(biases) == pytest.approx([0.9, 0.5])
    assert biases[0] == biases[2] == 0
    biases = fit_biases(SCORES, TRUTH, ONE_PART, least_visible=0.8)
    assert recalls(biases) == pytest.approx([0.8, 0.75])
    biases = fit_biases(SCORES, TRUTH, ONE_PART, least_visible=1.0)
    assert recalls(biases) == pytest.approx([1.0, 0.25])


def test_no_more_are_told_wrong_in_all():
    # To find .12, too, six visible ones would be given up: 8 of 14 right in
    # place of the 10 + 1 without biases. 8 + 3 is as many.
    biases = fit_biases(SCORES, TRUTH, ONE_PART, least_visible=0.4)
    assert recalls(biases) == pytest.approx([0.8, 0.75])


def test_every_part_keeps_its_visible_ones():
    # The last two of the visible ones are a part of their own.
    parts = np.array([0] * 8 + [1] * 2 + [0] * 4)
    biases = fit_biases(SCORES, TRUTH, parts, least_visible=0.8)
    assert recalls(biases) == pytest.approx([1.0, 0.25])


def test_none_is_found_less_often_than_before():
    # The cut-off one would be told at the cost of the occluded one.
    scores = np.array([[0.9, 0.05, 0.05], [0.1, 0.5, 0.4], [0.2, 0.5, 0.3]])
    truth = np.array([0, 1, 2])
    biases = fit_biases(scores, truth, np.zeros(3, int), least_visible=0.5)
    assert recalls(biases, scores, truth) == [1, 1, 0]


def test_both_states_are_looked_for():
    scores = np.array([[0.9, 0.06, 0.04], [0.6, 0.3, 0.1], [0.7, 0.1, 0.2]])
    truth = np.array([0, 1, 2])
    biases = fit_biases(scores, truth, np.zeros(3, int))
    assert recalls(biases, scores, truth) == [1, 1, 1]


def test_a_temperature_makes_confidence_what_it_should_be():
    # Nine tenths sure in all of 100, right in three quarters: with two states
    # the odds of 9 become those of 3 at T = ln 9 / ln 3 = 2.
    scores = np.tile([[0.9, 0.1, 0.0]], (100, 1))
    truth = np.array([0] * 75 + [1] * 25)
    temperature = fit_temperature(scores, truth)
    assert temperature == pytest.approx(2, rel=0.02)
