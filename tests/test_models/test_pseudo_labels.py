import math

import numpy as np
import pytest
import torch

from dfa_mm.models import pseudo_labels
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


@pytest.mark.parametrize(
    ('space', 'entries'),
    # 2 K coordinates of K = 3 landmarks, or their 6 x 6 products
    [('absolute', 6), ('offset', 6), ('contextual', 36)],
)
def test_twenty_clusters_and_20_px_as_in_the_paper(space, entries):
    label = PseudoLabel(space, 3)
    assert label.centers.shape == (20, entries)
    assert (label.errors.shape, label.counts.shape) == ((20,), (20,))
    assert label.temperature == 20.0
    # of no meaning before the clusters are there, but a number
    assert PseudoLabel(space, 3, temperature='auto').temperature == 1.0


# ----------------------------------------------------------------- fitting


def test_auto_temperature_is_the_median_nearest_distance():
    label = PseudoLabel('absolute', 1, 2, 'auto')
    # centres at 2 and 104; distances 2, 2, 4, 0, 4; their median 2. Of each
    # centre's nearest sample, 2 and 0, it would be 1.
    truth = pixels([[0, 0]], [[4, 0]], [[100, 0]], [[104, 0]], [[108, 0]])
    label.fit(None, truth, torch.ones(5, 1))
    torch.testing.assert_close(label.temperature, torch.tensor(2.0))
    found = label(None, truth[2:3], torch.ones(1, 1)).amax()
    torch.testing.assert_close(found, torch.tensor(math.exp(-4 / 2)))


def test_samples_on_their_centres_still_have_a_temperature():
    label = PseudoLabel('absolute', 1, 2, 'auto')
    truth = pixels([[0, 0]], [[0, 0]], [[100, 0]])
    label.fit(None, truth, torch.ones(3, 1))
    # all distances are 0, by which nothing can be divided
    assert label.temperature.item() == pytest.approx(1e-6)
    labels = label(None, truth, torch.ones(3, 1))
    assert sorted(labels[0].tolist()) == [0, 1]
    assert torch.equal(labels[0], labels[1])
    assert torch.equal(labels[0], 1 - labels[2])


def test_given_temperature_survives_fitting():
    label = PseudoLabel('absolute', 1, 2, 7.5)
    label.fit(None, pixels([[0, 0]], [[9, 0]]), torch.ones(2, 1))
    assert label.temperature == 7.5


def test_cluster_errors_and_counts_by_hand():
    label = PseudoLabel('offset', 1, 2)
    # The samples are as far apart as their offsets are near: (.1, 0) twice,
    # (.3, .4) once. Errors 0.1 and, 3-4-5, 0.5, in units of the crop.
    truth = torch.tensor([[[-0.4, 0.2]], [[0.1, -0.3]], [[0.4, -0.5]]])
    previous = truth + torch.tensor([[[0.1, 0]], [[0.3, 0.4]], [[0.1, 0]]])
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


def test_a_cluster_that_nobody_is_in_has_no_error(monkeypatch):
    centers = np.array([[0.0, 0], [9, 9], [5, 5]])

    def two_of_three(values, mask, num_clusters):
        return centers, np.array([0, 2, 2])

    monkeypatch.setattr(pseudo_labels, 'fill_and_cluster', two_of_three)
    label = PseudoLabel('offset', 1, 3)
    previous = torch.tensor([[[0.1, 0.0]], [[0.2, 0.0]], [[0.4, 0.0]]])
    label.fit(previous, torch.zeros(3, 1, 2), torch.ones(3, 1))
    # 0.1; none of 0 samples, and not 0 / 0; (0.2 + 0.4) / 2
    torch.testing.assert_close(label.errors, torch.tensor([0.1, 0, 0.3]))
    assert label.counts.tolist() == [1, 0, 2]


def test_fitting_takes_predictions_with_a_gradient():
    label = PseudoLabel('offset', 1, 2, 'auto')
    previous = torch.rand(5, 1, 2, requires_grad=True)
    label.fit(previous, torch.zeros(5, 1, 2), torch.ones(5, 1))
    assert not any(b.requires_grad for b in label.buffers())


def test_statistics_by_hand():
    label = label_of([[0, 0], [3, 4]], temperature=5.0)
    # Distances 0 and 5; 5 and 10; the third sample has no position. Labels
    # (1, 1/e) and (1/e, 1/e^2), both in the ratio e : 1.
    truth = pixels([[0, 0]], [[-3, -4]], [[50, 50]])
    found = label.statistics(None, truth, torch.tensor([[1.0], [1], [0]]))
    share = math.e / (1 + math.e)
    entropy = -share * math.log(share) - (1 - share) * math.log(1 - share)
    assert found.entropy == pytest.approx(entropy)
    assert found.largest == pytest.approx((1 + math.exp(-1)) / 2)


def test_statistics_keep_the_previous_landmarks_beside_their_samples():
    label = PseudoLabel('offset', 1, 2, 5.0)
    label.centers.copy_(torch.tensor([[3.0, 4], [300, 400]]))
    label.fitted.fill_(True)
    # the first sample has no position; the second's offset is (3, 4), on the
    # first centre, and with the first's previous landmark it would not be
    previous = pixels([[90, 90]], [[13, 4]])
    weights = torch.tensor([[0.0], [1.0]])
    found = label.statistics(previous, pixels([[0, 0]], [[10, 0]]), weights)
    assert found.largest == pytest.approx(1)


def test_mean_landmark_error_by_hand():
    previous = torch.tensor([[[0.4, 0.1], [1.2, 0.3], [7.0, 7.0]]])
    landmarks = torch.tensor([[[0.1, -0.3], [0.2, 0.3], [0.0, 0.0]]])
    weights = torch.tensor([[1.0, 1.0, 0.0]])
    # (.3, .4) and (1, 0) off: (0.5 + 1) / 2
    error = mean_landmark_error(previous, landmarks, weights)
    torch.testing.assert_close(error, torch.tensor([0.75]))


def test_no_landmark_gives_no_error():
    nothing = torch.zeros(1, 3)
    error = mean_landmark_error(torch.ones(1, 3, 2), torch.zeros(1), nothing)
    assert error.tolist() == [0]


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
