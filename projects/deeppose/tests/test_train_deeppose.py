"""tools/train.py on DeepPose: drawn garments, tiny networks."""

import numpy as np
import pytest
import torch
from mmpose.apis import inference_topdown, init_model
from tool_training import (  # noqa: F401  fixtures
    NUM_LANDMARKS,
    small_fld,
    train,
    write_small,
)

from dfa_mm.engine.runs import finished_checkpoint

CONFIG = 'projects/deeppose/configs/deeppose_fld_efficientnet-lite0_stage3.py'
pytestmark = pytest.mark.slow


def fit(head):
    head.update(pool_size=2, fc_channels=(16, 16), previous_channels=8)
    head.num_landmarks = NUM_LANDMARKS


@pytest.fixture(scope='module')
def deeppose(write_small, train, tmp_path_factory):  # noqa: F811
    """Config, folder of stage 3, and its metrics."""
    folder = tmp_path_factory.mktemp('deeppose')
    config = write_small(CONFIG, folder, fit, neck=None)
    work_dir = folder / 'tiny_stage3'
    return config, work_dir, train(config, work_dir)


def state(folder):
    checkpoint = torch.load(
        finished_checkpoint(str(folder)), weights_only=True
    )
    return checkpoint['state_dict']


def test_one_call_trains_the_three_stages(deeppose):
    _, work_dir, metrics = deeppose
    stages = [
        state(work_dir.with_name(f'tiny_stage{number}')) for number in (1, 2)
    ]
    last = state(work_dir)
    # what a stage was trained to is in the next one's checkpoint, unchanged
    for earlier in stages:
        assert earlier.keys() < last.keys()
        assert all(torch.equal(last[k], v) for k, v in earlier.items())
    convolutions = [k for k in last if k.endswith('backbone.conv.weight')]
    # one network per landmark and later stage
    assert len(convolutions) == 1 + NUM_LANDMARKS + NUM_LANDMARKS
    # NE and PDL know the stages as they know the cascade's
    stages = {'stage1', 'stage2', 'stage3', 'final'}
    assert set(metrics['NE']['box']) == stages
    assert set(metrics['PDL']['stages']) == stages
    assert metrics['NE']['box']['final']['mean'] > 0


def test_finished_stages_are_reused(deeppose, train):  # noqa: F811
    config, work_dir, before = deeppose
    files = sorted(work_dir.parent.rglob('*.pth'))
    times = [path.stat().st_mtime_ns for path in files]
    assert train(config, work_dir) == before
    assert sorted(work_dir.parent.rglob('*.pth')) == files
    assert [path.stat().st_mtime_ns for path in files] == times


def test_inference_of_mmpose_runs_it(deeppose):
    config, work_dir, _ = deeppose
    checkpoint = finished_checkpoint(str(work_dir))
    model = init_model(str(config), checkpoint, 'cpu')
    image = np.random.default_rng(0).integers(0, 255, (90, 70, 3), np.uint8)
    (sample,) = inference_topdown(model, image)
    found = sample.pred_instances
    assert found.keypoints.shape == (1, NUM_LANDMARKS, 2)
    assert found.stage_keypoints.shape == (1, 3, NUM_LANDMARKS, 2)
