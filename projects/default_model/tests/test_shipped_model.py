"""The default model that lies in the repository."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmpose.apis import inference_topdown

import dfa_mm
from dfa_mm.apis import default_model_files
from dfa_mm.structures import FLD_SETS, Visibility


@pytest.fixture(scope='module')
def model():
    return dfa_mm.load_default(device='cpu', flip_test=False)


def test_it_is_small_and_holds_every_weight(model):
    _, checkpoint = default_model_files()
    assert Path(checkpoint).stat().st_size <= 25e6
    stored = torch.load(checkpoint, weights_only=True)['state_dict']
    assert set(stored) == set(model.state_dict())
    assert all(bool(stage.pseudo_label.fitted) for stage in model.stages)


def test_it_finds_a_drawn_skirt(model):
    """A dark trapeze on white: a shape that says lower clothes."""
    image = np.full((200, 200, 3), 235, np.uint8)
    for y in range(40, 160):
        half = 30 + (y - 40) * 30 // 120
        image[y, 100 - half : 100 + half] = (90, 40, 30)
    corners = np.array([[70, 40], [130, 40], [40, 160], [160, 160]])
    (sample,) = inference_topdown(model, image, [[40, 40, 160, 160]])
    found = sample.pred_instances
    here = found.landmark_visibility[0] != Visibility.ABSENT
    names = np.array(FLD_SETS['all'].landmarks)[here]
    assert tuple(names) == FLD_SETS['lower'].landmarks
    error = np.linalg.norm(found.keypoints[0][here] - corners, axis=1)
    # in pixels, of a box of 120
    assert error.max() < 15
