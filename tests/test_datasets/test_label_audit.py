"""What all landmarks of a file show, which one garment cannot."""

import pytest

from dfa_mm.datasets.label_audit import LabelAudit

COCO = (2, '0 (no position), 1 (occluded) and 2 (visible) as v')


def problem(garments, sides=False):
    audit = LabelAudit(*COCO, sides)
    for states, places in garments:
        audit.add(states, places)
    return audit.problem()


@pytest.mark.parametrize('states', [(1, 1), (0, 1), (0, 0)])
def test_none_visible(states):
    places = [10 if state else None for state in states]
    assert problem([(states, places)] * 4) is None
    found = problem([(states, places)] * 5)
    assert found.kind == 'visibility'
    assert found.remedy == 'Write 2 for what can be seen.'


@pytest.mark.parametrize(('visible', 'kind'), [(4, 'visibility'), (5, None)])
def test_a_fifth_visible(visible, kind):
    """4 of 20 are no more than 20 %, 5 are."""
    garments = [((2, 1), (10, 20))] * visible
    garments += [((1, 1), (10, 20))] * (10 - visible)
    found = problem(garments)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ('exchanged', 'kind'), [(0, None), (8, None), (9, 'sides'), (10, 'sides')]
)
def test_left_is_the_pictures(exchanged, kind):
    """Of 10 pairs 8 are 80 %, which upside-down garments may be."""
    garments = [((2, 2), (20, 10))] * exchanged
    garments += [((2, 2), (10, 20))] * (10 - exchanged)
    found = problem(garments, sides=True)
    assert (found and found.kind) == kind
    assert problem(garments) is None


def test_few_pairs_or_none():
    assert problem([((2, 2), (20, 10))] * 9, sides=True) is None
    assert problem([((2, 0), (20, None))] * 99, sides=True) is None
