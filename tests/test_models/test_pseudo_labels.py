import math

import pytest
import torch

from dfa_mm.models.pseudo_labels import (
    PseudoLabel,
    absolute_space,
    contextual_mask,
    contextual_space,
    label_entropy,
    mean_landmark_error,
    offset_space,
)

PIXEL = 1 / 224


def pixels(*samples):
    """(B, K, 2) in reference pixels to normalised landmarks."""
    return torch.tensor(samples, dtype=torch.float32) * PIXEL


def label_of(centers, temperature=20.0):
    centers = torch.tensor(centers, dtype=torch.float32)
    landmarks = centers.shape[1] // 2
    label = PseudoLabel('absolute', landmarks, len(centers), temperature)
    label.centers.copy_(centers)
    label.fitted.fill_(True)
    return label


# ------------------------------------------------------------- the spaces


def test_absolute_space_by_hand():
    landmarks = torch.tensor([[[-0.5, 0.25], [0.5, 0.0]]])
    # 224 px per unit
    assert absolute_space(None, landmarks).tolist() == [[-112, 56, 112, 0]]


def test_offset_is_prediction_minus_truth():
    offset = offset_space(pixels([[3, 0], [0, -5]]), pixels([[1, 1], [0, 0]]))
    torch.testing.assert_close(offset, torch.tensor([[2.0, -1, 0, -5]]))


def test_contextual_space_is_the_outer_product():
    space = contextual_space(pixels([[1, 2], [3, 4]]), pixels([[0, 0]] * 2))
    expected = [
        [1, 2, 3, 4],  # 1 x (1, 2, 3, 4)
        [2, 4, 6, 8],
        [3, 6, 9, 12],
        [4, 8, 12, 16],
    ]
    torch.testing.assert_close(
        space, torch.tensor(expected, dtype=torch.float32).reshape(1, 16)
    )


def test_contextual_space_keeps_the_sample_axis_apart():
    truth = torch.zeros(2, 2, 2)
    previous = pixels([[1, 2], [3, 4]], [[5, 6], [7, 8]])
    both = contextual_space(previous, truth)
    alone = contextual_space(previous[1:], truth[1:])
    torch.testing.assert_close(both[1:], alone)


def test_contextual_mask_needs_both_coordinates():
    # the second of two landmarks is missing: of 4 x 4 products, 2 x 2 exist
    mask = contextual_mask(torch.tensor([[1.0, 0.0]])).reshape(4, 4)
    assert mask[:2, :2].all()
    assert mask.sum() == 4


# -------------------------------------------------------------- distances


@pytest.mark.parametrize('temperature', [1.0, 20.0])
def test_eq1_by_hand(temperature):
    label = label_of([[3, 4], [0, 20], [0, 0]], temperature=temperature)
    found = label(None, pixels([[0, 0]]), torch.ones(1, 1))
    # distances 5, 20 and 0 px
    expected = [math.exp(-d / temperature) for d in (5, 20, 0)]
    torch.testing.assert_close(found, torch.tensor([expected]))


def test_eq1_ignores_where_a_missing_landmark_is_put():
    label = label_of([[3, 4, 50, 60], [9, 9, 9, 9]])
    weights = torch.tensor([[1.0, 0.0]])
    a = label(None, pixels([[0, 0], [0, 0]]), weights)
    b = label(None, pixels([[0, 0], [80, -80]]), weights)
    assert torch.equal(a, b)
    # sqrt(4 / 2 x 25) px
    torch.testing.assert_close(
        a[0, 0], torch.tensor(math.exp(-(50**0.5) / 20))
    )


def test_no_position_gives_a_label_of_zeros():
    label = label_of([[3, 4], [0, 0]])
    found = label(None, pixels([[0, 0]]), torch.zeros(1, 1))
    assert found.tolist() == [[0, 0]]


def test_labels_of_a_batch_are_those_of_its_samples():
    torch.manual_seed(0)
    label = PseudoLabel('contextual', 2, 3)
    label.centers.copy_(torch.randn(3, 16) * 20)
    label.fitted.fill_(True)
    previous, truth = torch.randn(4, 2, 2) * 0.02, torch.zeros(4, 2, 2)
    weights = torch.tensor([[1.0, 1], [1, 0], [0, 1], [0, 0]])
    whole = label(previous, truth, weights)
    alone = [
        label(previous[i : i + 1], truth[i : i + 1], weights[i : i + 1])
        for i in range(4)
    ]
    torch.testing.assert_close(whole, torch.cat(alone))


def test_unfitted_label_says_what_to_do():
    with pytest.raises(RuntimeError, match='PseudoLabelHook'):
        PseudoLabel('absolute', 1, 2)(None, pixels([[0, 0]]), torch.ones(1, 1))


@pytest.mark.parametrize('temperature', [0, -1.0])
def test_temperature_must_be_positive(temperature):
    with pytest.raises(ValueError, match=str(temperature)):
        PseudoLabel('absolute', 1, temperature=temperature)


def test_unknown_space_is_named():
    with pytest.raises(ValueError, match="'relative'"):
        PseudoLabel('relative', 1)


# ----------------------------------------------------------------- fitting


def test_auto_temperature_is_the_median_nearest_distance():
    label = PseudoLabel('absolute', 1, 2, 'auto')
    # centres at 1 and 103; distances 1, 1, 3, 3; their median 2
    truth = pixels([[0, 0]], [[2, 0]], [[100, 0]], [[106, 0]])
    label.fit(None, truth, torch.ones(4, 1))
    torch.testing.assert_close(label.temperature, torch.tensor(2.0))
    found = label(None, truth[:1], torch.ones(1, 1)).amax()
    torch.testing.assert_close(found, torch.tensor(math.exp(-1 / 2)))


def test_given_temperature_survives_fitting():
    label = PseudoLabel('absolute', 1, 2, 7.5)
    label.fit(None, pixels([[0, 0]], [[9, 0]]), torch.ones(2, 1))
    assert label.temperature == 7.5


def test_cluster_errors_and_counts_by_hand():
    label = PseudoLabel('offset', 1, 2)
    truth = torch.zeros(3, 1, 2)
    # errors 0.1 (twice) and, 3-4-5, 0.5 (once), in units of the crop
    previous = torch.tensor([[[0.1, 0.0]], [[0.3, 0.4]], [[0.1, 0.0]]])
    label.fit(previous, truth, torch.ones(3, 1))
    order = label.errors.argsort()
    torch.testing.assert_close(label.errors[order], torch.tensor([0.1, 0.5]))
    assert label.counts[order].tolist() == [2, 1]
    torch.testing.assert_close(
        label.centers[order], torch.tensor([[0.1, 0], [0.3, 0.4]]) * 224
    )


def test_samples_without_a_position_do_not_enter_the_clusters():
    label = PseudoLabel('offset', 1, 2)
    previous = torch.tensor([[[0.1, 0.0]], [[0.3, 0.4]], [[9.0, 9.0]]])
    weights = torch.tensor([[1.0], [1.0], [0.0]])
    label.fit(previous, torch.zeros(3, 1, 2), weights)
    assert label.counts.sum() == 2
    assert label.centers.max() < 0.5 * 224


def test_mean_landmark_error_by_hand():
    previous = torch.tensor([[[0.3, 0.4], [1.0, 0.0], [7.0, 7.0]]])
    weights = torch.tensor([[1.0, 1.0, 0.0]])
    # (0.5 + 1) / 2
    error = mean_landmark_error(previous, torch.zeros(1, 3, 2), weights)
    torch.testing.assert_close(error, torch.tensor([0.75]))


def test_everything_that_is_fitted_is_in_the_state_dict():
    label = PseudoLabel('offset', 1, 2, 'auto')
    label.fit(torch.rand(9, 1, 2), torch.zeros(9, 1, 2), torch.ones(9, 1))
    copy = PseudoLabel('offset', 1, 2, 'auto')
    copy.load_state_dict(label.state_dict())
    args = torch.rand(3, 1, 2), torch.zeros(3, 1, 2), torch.ones(3, 1)
    assert torch.equal(copy(*args), label(*args))
    assert torch.equal(copy.errors, label.errors)


def test_label_entropy_by_hand():
    labels = torch.tensor([[0.2, 0.2, 0.2, 0.2], [0.5, 0, 0, 0], [0, 0, 0, 0]])
    # uniform over four: log 4; certain: 0; no label: 0
    torch.testing.assert_close(
        label_entropy(labels), torch.tensor([math.log(4), 0.0, 0.0])
    )


@pytest.mark.parametrize(('given', 'expected'), [(5.0, 5.0), ('auto', 143.0)])
def test_given_temperature_wins_over_the_checkpoint(given, expected):
    trained = PseudoLabel('offset', 4, temperature=143.0).state_dict()
    label = PseudoLabel('offset', 4, temperature=given)
    assert label.load_state_dict(trained) == ([], [])
    assert float(label.temperature) == expected
    # the checkpoint is not edited
    assert float(trained['temperature']) == 143.0
