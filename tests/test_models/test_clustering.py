import math

import numpy as np
import pytest
import torch

from dfa_mm.models import clustering
from dfa_mm.models.clustering import (
    TrainingSetError,
    fill_and_cluster,
    masked_distance,
)

# neither a division by 0 nor sklearn's about how it is called
pytestmark = pytest.mark.filterwarnings('error')


def test_masked_distance_by_hand():
    values = torch.tensor([[3.0, 4, 1e9, float('nan')]])
    centers = torch.tensor([[0.0, 0, 7, 7], [3, 4, 0, 0]])
    mask = torch.tensor([[True, True, False, False]])
    # sqrt(4 / 2 x (9 + 16)) = sqrt(50); the second centre coincides
    torch.testing.assert_close(
        masked_distance(values, mask, centers),
        torch.tensor([[50**0.5, 0.0]]),
    )


def test_masked_distance_of_complete_vectors_is_euclidean():
    values, centers = torch.randn(7, 6), torch.randn(3, 6)
    mask = torch.ones(7, 6, dtype=torch.bool)
    torch.testing.assert_close(
        masked_distance(values, mask, centers), torch.cdist(values, centers)
    )


def test_masked_distance_without_any_coordinate_is_infinite():
    distance = masked_distance(
        torch.zeros(1, 2), torch.zeros(1, 2) > 0, torch.zeros(3, 2)
    )
    assert distance.tolist() == [[math.inf] * 3]


def test_masked_distance_of_the_centre_itself_is_a_number():
    # what is left of |x|^2 - 2 x c + |c|^2 at x = c may be less than 0
    generator = torch.Generator().manual_seed(0)
    values = torch.rand(50, 256, generator=generator, dtype=torch.float64)
    values = values * 1e4
    distance = masked_distance(values, values >= 0, values).diagonal()
    expected = torch.zeros_like(distance)
    torch.testing.assert_close(distance, expected, atol=0.1, rtol=0)


def test_masked_distance_is_taken_in_float32():
    # 1 + 1/256 is 1 in bfloat16: at 100 px, a pixel more or less is gone
    values = torch.tensor([[100.0, 0]], dtype=torch.bfloat16)
    centers = torch.tensor([[99.9, 0.0]])
    with torch.autocast('cpu', dtype=torch.bfloat16):
        distance = masked_distance(values, values >= 0, centers)
    torch.testing.assert_close(
        distance, torch.tensor([[0.1]]), atol=1e-4, rtol=0
    )


def test_masked_distance_survives_squared_pixels():
    # in float32 (10000 - 10001)^2 would drown in 10000^2 = 1e8
    values = torch.full((1, 256), 1e4)
    mask = torch.ones(1, 256, dtype=torch.bool)
    distance = masked_distance(values, mask, torch.full((1, 256), 1e4 + 1))
    # sqrt(256 x 1)
    torch.testing.assert_close(distance, torch.tensor([[16.0]]))


# ------------------------------------------------------------------- Eq. 1


def test_complete_vectors_are_clustered_by_kmeans():
    values = np.array([[0.0, 0], [2, 0], [100, 0], [104, 0]])
    centers, labels = fill_and_cluster(values, values == values, 2)
    order = centers[:, 0].argsort()
    np.testing.assert_allclose(centers[order], [[1, 0], [102, 0]])
    assert (labels == order[[0, 0, 1, 1]]).all()


def test_missing_coordinate_follows_its_cluster_not_the_mean():
    values = np.array([[0, 0], [0, 0], [10, 10], [10, 10], [10, -999.0]])
    mask = values > -1
    centers, labels = fill_and_cluster(values, mask, 2)
    assert labels[4] == labels[2] == labels[3] != labels[0]
    # the mean of what is known, (10 + 10) / 2; filled with the mean of all,
    # 5, it would be (10 + 10 + 5) / 3
    np.testing.assert_allclose(centers[labels[4]], [10, 10])
    np.testing.assert_allclose(centers[labels[0]], [0, 0])


def test_mostly_missing_coordinate_is_not_drawn_to_the_mean():
    # a shirt's waistline: known of one in ten of a cluster
    values = np.repeat([[0.0, 0], [100, 100]], 20, axis=0)
    mask = np.ones(values.shape, bool)
    mask[22:, 1] = False
    centers, labels = fill_and_cluster(values, mask, 2)
    np.testing.assert_allclose(centers[labels[-1]], [100, 100])


def test_coordinate_of_a_single_sample_is_its_clusters():
    values = np.array([[0, 0], [10.0, 6], [10, np.nan]])
    centers, labels = fill_and_cluster(values, ~np.isnan(values), 2)
    # 6, which is also filled in: the mean of 6 and 6
    np.testing.assert_allclose(centers[labels], [[0, 0], [10, 6], [10, 6]])


def test_coordinate_that_nobody_has_is_harmless():
    values = np.array([[0.0, np.nan], [10, np.nan]])
    centers, labels = fill_and_cluster(values, ~np.isnan(values), 2)
    np.testing.assert_allclose(centers[labels], [[0, 0], [10, 0]])


def test_missing_coordinates_are_filled_until_nothing_changes():
    # Of this set, samples change their cluster after the first filling. In
    # the end each centre is the mean of what its samples know.
    rng = np.random.default_rng(17)
    values = np.round(rng.uniform(0, 20, (12, 3)))
    mask = rng.uniform(size=values.shape) < 0.6
    mask[~mask.any(1)] = True
    centers, labels = fill_and_cluster(values, mask, 3)
    for k, p in np.ndindex(centers.shape):
        known = values[(labels == k) & mask[:, p], p]
        if len(known):
            assert centers[k, p] == pytest.approx(known.mean())


@pytest.mark.parametrize(
    ('clusters', 'fits'),
    [
        ([[0, 1, 1], [0, 0, 1], [0, 0, 1]], 3),  # the third changes nothing
        ([[0, 1, 1], [0, 0, 1]] * 9, 1 + 10),  # to and fro: ten more at most
    ],
)
def test_rounds_of_filling(clusters, fits, monkeypatch):
    done = []

    class Scripted:
        def __init__(self, num_clusters, **how):
            self.cluster_centers_ = np.zeros((num_clusters, 2))

        def fit(self, filled):
            self.labels_ = np.array(clusters[len(done)])
            done.append(filled)
            return self

    monkeypatch.setattr(clustering, 'KMeans', Scripted)
    values = np.array([[0, 0], [5, 5.0], [9, np.nan]])
    _, labels = fill_and_cluster(values, ~np.isnan(values), 2)
    assert len(done) == fits
    assert labels.tolist() == clusters[fits - 1]


def test_missing_coordinates_do_not_hide_the_clusters():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 90)
    means = np.array([[0.0, 0, 0, 0], [50, 50, 0, 0], [0, 50, 50, 50]])
    values = means[truth] + rng.normal(0, 1, (90, 4))
    # one coordinate of every second sample; the means differ in two or more
    mask = np.ones(values.shape, bool)
    mask[np.arange(0, 90, 2), rng.integers(0, 4, 45)] = False
    centers, labels = fill_and_cluster(np.where(mask, values, 1e6), mask, 3)
    # each true cluster in exactly one found cluster
    assert len({*zip(truth, labels)}) == 3


def test_too_few_samples_are_named():
    values = np.arange(6.0).reshape(3, 2)
    message = '^3 training samples .* 3 differ, .* 5 clusters: lower num_clus'
    with pytest.raises(TrainingSetError, match=message):
        fill_and_cluster(values, values > -1, 5)
    centers, _ = fill_and_cluster(values, values > -1, 3)
    assert sorted(centers[:, 0]) == [0, 2, 4]


def test_the_same_sample_again_is_no_other_sample():
    # 8 samples in 2 places
    values = np.tile([[0.0, 0], [5, 5]], (4, 1))
    mask = values > -1
    with pytest.raises(TrainingSetError, match='8 .* 2 differ, .* 3 clusters'):
        fill_and_cluster(values, mask, 3)
    assert len(fill_and_cluster(values, mask, 2)[0]) == 2


def test_no_sample_at_all_is_told():
    with pytest.raises(TrainingSetError, match='no landmark .* has a pos'):
        fill_and_cluster(np.zeros((0, 4)), np.zeros((0, 4), bool), 2)
