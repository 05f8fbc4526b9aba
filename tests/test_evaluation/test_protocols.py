import numpy as np
import pytest

from dfa_mm.evaluation.normalized_error import (
    mean_normalized_error,
    normalized_error,
)
from dfa_mm.evaluation.protocols import PROTOCOLS

# A picture of 400 x 200 with a box of 100 x 50; every landmark is off by
# (20, 10). States: visible, occluded, truncated, absent.
IMAGE_SIZES = np.array([[400.0, 200]])
BOXES = np.array([[50.0, 60, 150, 110]])
STATES = np.array([[0, 1, 2, -1]])
GT = np.zeros((1, 4, 2))
PRED = GT + (20, 10)

X = np.nan


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        # 20 / 400 = .05, 10 / 200 = .05: .05 sqrt 2; visible and occluded
        ('image', [0.05 * 2**0.5, 0.05 * 2**0.5, X, X]),
        # 20 / 100 = .2, 10 / 50 = .2: .2 sqrt 2; visible only
        ('box', [0.2 * 2**0.5, X, X, X]),
        # sqrt(20^2 + 10^2) / 100 = sqrt 500 / 100; visible and occluded
        ('square', [500**0.5 / 100, 500**0.5 / 100, X, X]),
    ],
)
def test_each_protocol_by_hand(name, expected):
    protocol = PROTOCOLS[name]
    errors = normalized_error(
        PRED, GT, protocol.mask(STATES), protocol.norm(IMAGE_SIZES, BOXES)
    )
    np.testing.assert_allclose(errors, [expected])


@pytest.mark.parametrize('name', ['box', 'square'])
@pytest.mark.parametrize('box', [[5, 5, 5, 5], [5, 5, 9, 5], [9, 5, 5, 9]])
def test_a_box_without_size_gives_no_number(name, box):
    protocol = PROTOCOLS[name]
    norm = protocol.norm(IMAGE_SIZES, np.array([box]))
    errors = normalized_error(PRED, GT, protocol.mask(STATES), norm)
    assert np.isnan(errors).all()


def test_no_visible_landmark_gives_no_number_under_box():
    mask = PROTOCOLS['box'].mask(np.array([[1, 1, 2, -1]]))
    errors = normalized_error(PRED, GT, mask, [100.0])
    assert np.isnan(mean_normalized_error(errors)[1])


@pytest.mark.parametrize('shape', [(4,), (2, 3), (2, 5), (1, 1, 4), (1, 4, 4)])
def test_boxes_of_another_shape_are_named(shape):
    with pytest.raises(ValueError, match=rf'boxes \({shape[0]},'):
        PROTOCOLS['box'].norm(IMAGE_SIZES, np.ones(shape))


def test_a_box_of_half_a_pixel_has_a_size():
    norm = PROTOCOLS['square'].norm(IMAGE_SIZES, [[5, 5, 5.5, 5.25]])
    assert norm.tolist() == [0.5]
