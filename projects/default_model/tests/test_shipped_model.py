"""The default model that lies in the repository."""

from pathlib import Path

import numpy as np
import pytest
import torch

import dfa_mm
from dfa_mm.apis import default_model_files, find_landmarks
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
    """A dark trapeze on white, told that it is lower clothes."""
    image = np.full((200, 200, 3), 235, np.uint8)
    for y in range(40, 160):
        half = 30 + (y - 40) * 30 // 120
        image[y, 100 - half : 100 + half] = (90, 40, 30)
    corners = np.array([[70, 40], [130, 40], [40, 160], [160, 160]])
    found = find_landmarks(model, image, [40, 40, 160, 160], 'lower')
    here = found.landmark_visibility[0] != Visibility.ABSENT
    names = np.array(FLD_SETS['all'].landmarks)[here]
    assert tuple(names) == FLD_SETS['lower'].landmarks
    error = np.linalg.norm(found.keypoints[0][here] - corners, axis=1)
    # in pixels, of a box of 120
    assert error.max() < 15


def test_the_type_is_an_input(model):
    image = np.full((120, 120, 3), 235, np.uint8)
    told = [
        find_landmarks(model, image, [20, 20, 100, 100], kind)
        for kind in ('upper', 'full', None)
    ]
    collars = [found.keypoints[0, :2] for found in told]
    assert not np.allclose(collars[0], collars[1], atol=0.1)
    assert not np.allclose(collars[0], collars[2], atol=0.1)
