import math

import torch

from dfa_mm.models.hypotheses import (
    disturbed,
    hypotheses,
    with_other,
    without_best,
)


def two_modes(best=(2, 3), second=(12, 10)):
    """(1, 1, 16, 16) logits; the second mode has a hundredth of the best."""
    maps = torch.full((1, 1, 16, 16), -30.0)
    maps[0, 0, best[1], best[0]] = 0.0
    maps[0, 0, second[1], second[0]] = math.log(0.01)
    return maps


def test_a_mode_of_a_hundredth_is_seen_at_a_tenth():
    seen = hypotheses(two_modes(), (16, 16))
    assert seen[0, 0, 3, 2] == 1
    torch.testing.assert_close(seen[0, 0, 10, 12], torch.tensor(0.1))
    assert seen.sum() < 1.1 + 256 * 1e-6


def test_coarser_hypotheses_keep_every_mode():
    seen = hypotheses(two_modes(), (8, 8))
    assert seen.shape == (1, 1, 8, 8)
    assert seen[0, 0, 1, 1] == 1
    torch.testing.assert_close(seen[0, 0, 5, 6], torch.tensor(0.1))


def test_without_its_best_mode_a_map_has_its_second():
    left = without_best(two_modes())
    assert left.flatten().argmax() == 10 * 16 + 12
    assert left[0, 0, 3, 2] == -12


def test_a_mode_is_seven_cells_wide():
    # of 12 rows and 16 columns; the best is in column 5 of row 4
    maps = torch.zeros(2, 1, 12, 16)
    maps[0, 0, 4, 5] = maps[1, 0, 9, 12] = 1.0
    expected = maps.clone()
    expected[0, 0, 1:8, 2:9] -= 12
    expected[1, 0, 6:13, 9:16] -= 12
    assert torch.equal(without_best(maps), expected)


def test_only_differences_of_a_map_count():
    maps = torch.randn(2, 3, 6, 4)
    moved = maps + torch.tensor([[5.0, -3, 0], [1, 2, 9]])[..., None, None]
    found = hypotheses(maps, (6, 4))
    torch.testing.assert_close(hypotheses(moved, (6, 4)), found)
    assert torch.equal(found.amax((-2, -1)), torch.ones(2, 3))


def test_hypotheses_are_made_in_float32():
    seen = hypotheses(two_modes().bfloat16(), (16, 16))
    assert seen.dtype == torch.float32


def test_half_of_the_errors_are_second_modes():
    torch.manual_seed(0)
    maps = torch.randn(100, 8, 8, 8, requires_grad=True)
    found = disturbed(maps, 1.0)
    assert not found.requires_grad
    second = (found == without_best(maps)).flatten(2).all(-1)
    assert 0.4 < second.float().mean() < 0.6
    # the other half is nowhere lower than it was
    assert (found[~second] >= maps[~second]).all()


def test_another_landmarks_mode_lies_over_its_own():
    torch.manual_seed(0)
    maps = torch.cat([two_modes((2, 3)), two_modes((7, 8))], 1)
    both = with_other(maps)
    # of two landmarks the other one is the only choice
    assert both[0, 0, 3, 2] == both[0, 0, 8, 7] == 0
    assert both[0, 1, 3, 2] == both[0, 1, 8, 7] == 0


def test_as_many_maps_are_disturbed_as_asked():
    torch.manual_seed(0)
    maps = torch.randn(100, 8, 8, 8)
    assert torch.equal(disturbed(maps, 0.0), maps)
    changed = (disturbed(maps, 0.25) != maps).flatten(2).any(-1)
    assert 0.2 < changed.float().mean() < 0.3
