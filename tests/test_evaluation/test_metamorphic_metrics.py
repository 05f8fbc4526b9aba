"""What must not change a number, and the truth, through the metrics' path.

As in ``tools/test.py``: data samples of a two-stage cascade, batch by batch,
into an evaluator with every metric; compared is all that they report.
"""

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest
from mmengine.evaluator import Evaluator
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from dfa_mm.evaluation import collect_report
from dfa_mm.structures import LSP_SET, LandmarkSet

pytestmark = pytest.mark.filterwarnings('error')

METRICS = ['NormalizedError', 'PDL', 'VisibilityAccuracy', 'PCP', 'TorsoPCK']
N, STAGES, K = 9, 2, len(LSP_SET)
ALL = range(N)
WIDTH, HEIGHT = 512, 256


@dataclass(frozen=True)
class World:
    """Quarters of pixels, so that moving and doubling them is exact."""

    truth: np.ndarray  # (N, K, 2)
    found: np.ndarray  # (N, S, K, 2)
    states: np.ndarray  # (N, K)
    told: np.ndarray  # (N, S, K)
    scores: np.ndarray  # (N, S, K, 3)
    boxes: np.ndarray  # (N, 4)
    size: tuple  # width, height
    codes: np.ndarray  # (N, 3): clothes type, variation, branch

    def sample(self, n):
        def one(array):
            return array[None, n]

        sample = PoseDataSample(
            metainfo=dict(
                ori_shape=self.size[::-1],
                clothes_type=int(self.codes[n, 0]),
                variation_type=int(self.codes[n, 1]),
            )
        )
        sample.gt_instances = InstanceData(
            keypoints=one(self.truth),
            keypoints_visible=(one(self.states) != -1).astype(float),
            landmark_visibility=one(self.states),
            bboxes=one(self.boxes),
        )
        sample.pred_instances = InstanceData(
            keypoints=one(self.found[:, -1]),
            stage_keypoints=one(self.found),
            landmark_visibility=one(self.told[:, -1]),
            stage_visibility=one(self.told),
            visibility_scores=one(self.scores[:, -1]),
            stage_visibility_scores=one(self.scores),
            branch=self.codes[[n], 2],
        )
        return sample


@pytest.fixture
def world():
    rng = np.random.default_rng(0)
    states = rng.choice([0, 0, 0, 1, 2, -1], (N, K))
    truth = rng.integers(40, 1000, (N, K, 2)) / 4
    noise = rng.integers(-160, 160, (N, STAGES, K, 2)) / 4
    corners = rng.integers(0, 200, (N, 2)) / 4
    scores = rng.dirichlet(np.ones(3), (N, STAGES, K))
    return World(
        truth=truth,
        found=truth[:, None] + noise,
        states=states,
        told=scores.argmax(-1),
        scores=scores,
        boxes=np.hstack([corners, corners + rng.integers(120, 800, (N, 2))]),
        size=(WIDTH, HEIGHT),
        codes=np.stack(
            [rng.integers(1, 4, N)] * 2 + [rng.integers(0, 2, N)], 1
        ),
    )


def numbers(world, order=ALL, landmark_set=LSP_SET, batch=N):
    """All of the reports, ``/path/of/keys`` to number; NaN where is none."""
    evaluator = Evaluator([dict(type=f'mmpose.{m}') for m in METRICS])
    evaluator.dataset_meta = landmark_set.metainfo()
    samples = [world.sample(n) for n in order]
    for start in range(0, len(samples), batch):
        evaluator.process(samples[start : start + batch])
    evaluator.evaluate(len(samples))
    report = dict(flat(collect_report(evaluator)))
    assert len(report) > 1000
    return report


def flat(value, path=''):
    if isinstance(value, (dict, list)):
        parts = value if isinstance(value, dict) else dict(enumerate(value))
        for key, part in parts.items():
            yield from flat(part, f'{path}/{key}')
    elif not isinstance(value, str):
        yield path, np.nan if value is None else value


def assert_same(found, expected):
    """But for the order in which floats are added."""
    assert found.keys() == expected.keys()
    keys = list(expected)
    np.testing.assert_allclose(
        [found[key] for key in keys],
        [expected[key] for key in keys],
        atol=1e-12,
    )


def test_moving_everything_changes_nothing(world):
    shift = np.array([37.25, -11.5])
    moved = replace(
        world,
        truth=world.truth + shift,
        found=world.found + shift,
        boxes=world.boxes + np.tile(shift, 2),
    )
    assert_same(numbers(moved), numbers(world))


@pytest.mark.parametrize('scale', [0.25, 2, 16])
def test_scaling_everything_changes_nothing(world, scale):
    scaled = replace(
        world,
        truth=world.truth * scale,
        found=world.found * scale,
        boxes=world.boxes * scale,
        size=(WIDTH * scale, HEIGHT * scale),
    )
    assert_same(numbers(scaled), numbers(world))


def test_mirroring_swaps_left_and_right(world):
    swapped = list(LSP_SET.flip_indices)

    def mirrored(points):
        points = points[..., swapped, :] * (-1, 1)
        return points + (WIDTH - 1, 0)

    x1, y1, x2, y2 = world.boxes.T
    there = replace(
        world,
        truth=mirrored(world.truth),
        found=mirrored(world.found),
        states=world.states[:, swapped],
        told=world.told[..., swapped],
        scores=world.scores[..., swapped, :],
        boxes=np.stack([WIDTH - 1 - x2, y1, WIDTH - 1 - x1, y2], 1),
    )

    def other_side(key):
        return (
            key.replace('left ', 'LEFT ')
            .replace('right ', 'left ')
            .replace('LEFT ', 'right ')
        )

    # not PCK: its torso goes from the left shoulder to the right hip
    found, expected = (
        {key: each for key, each in report.items() if 'PCK' not in key}
        for report in (numbers(there), numbers(world))
    )
    assert_same({other_side(key): found[key] for key in found}, expected)


def test_order_of_the_samples_changes_nothing(world):
    order = np.random.default_rng(1).permutation(N)
    assert_same(numbers(world, order), numbers(world))


def test_order_of_the_landmarks_changes_nothing(world):
    order = np.random.default_rng(1).permutation(K)
    names = tuple(LSP_SET.landmarks[k] for k in order)
    other = replace(
        world,
        truth=world.truth[:, order],
        found=world.found[:, :, order],
        states=world.states[:, order],
        told=world.told[:, :, order],
        scores=world.scores[:, :, order],
    )
    found = numbers(other, landmark_set=LandmarkSet('shuffled', names))
    assert_same(found, numbers(world))


@pytest.mark.parametrize('batch', [1, 4, 2 * N])
def test_batch_size_changes_nothing(world, batch):
    found, expected = numbers(world, batch=batch), numbers(world)
    np.testing.assert_equal(found, expected)


def test_a_sample_again_changes_no_mean(world):
    twice = np.repeat(np.arange(N), 2)
    doubled = World(
        *(
            getattr(world, name)[twice] if name != 'size' else world.size
            for name in World.__dataclass_fields__
        )
    )
    single, double = numbers(world), numbers(doubled, range(2 * N))
    # neither counts nor quantiles, which lie between two neighbours
    other = re.compile(r'count|median|p90|confusion|unusable')
    means = [key for key in single if not other.search(key)]
    assert_same({k: double[k] for k in means}, {k: single[k] for k in means})


# Of a key's end: what it is if the truth is told.
PERFECT = {
    r'NE/.*/(mean|median|p90|gross|landmark/[^/]+)': 0,
    r'(PDL|PCK)/.*/(share|auc|curve/\d+)': 1,
    r'PCP/(strict|loose)/.*/(mean|stick/[^/]+|group/[^/]+)': 1,
    r'visibility/.*/(accuracy|recall/[^/]+|landmark/[^/]+)': 1,
    # told at .75 and right always
    r'visibility/.*/ece': 0.25,
    r'.*/(count|unusable|thresholds?(/\d+)?|ece_bins|confusion/\d/\d)': None,
}


def test_the_truth_is_perfect(world):
    here = world.states.clip(min=0)[:, None].repeat(STAGES, 1)
    perfect = replace(
        world,
        found=np.repeat(world.truth[:, None], STAGES, 1),
        told=here,
        scores=np.where(np.eye(3)[here] == 1, 0.75, 0.125),
    )
    for key, number in numbers(perfect).items():
        (value,) = (
            value
            for pattern, value in PERFECT.items()
            if re.fullmatch(f'/{pattern}', key)
        )
        assert value is None or np.isnan(number) or number == value, key
