from collections import OrderedDict

import numpy as np
import pytest
from mmengine.logging import MMLogger
from mmpose.apis import inference_topdown, init_model

from dfa_mm.apis import InputError, choose_device, load_model
from dfa_mm.apis.predictions import branch_name
from dfa_mm.engine.checkpoints import CheckpointMismatchError

# Of a picture 101 pixels wide. Its square of side s = 1.2 * 80 = 96 makes a
# crop of 128; with its centre at 50 + s / (2 * 128) the crop of the mirrored
# picture is the mirrored crop, pixel by pixel (OpenCV counts 32nds of them).
SHIFT = 96 / 256
BOX = (10 + SHIFT, 20, 90 + SHIFT, 100)


@pytest.fixture(scope='module')
def flipping(cascade):
    return load_model(cascade.config, cascade.checkpoint, flip_test=True)


@pytest.fixture
def part(image):
    part = np.ascontiguousarray(image[:, :101])
    assert part.shape[1] == 101
    return part


def ask(model, image, box=None):
    boxes = None if box is None else np.array([box], np.float32)
    return inference_topdown(model, image, boxes)[0].pred_instances


def ask_mirrored(model, image):
    """Stages (S, K, 2) of the mirrored picture, seen in the picture."""
    pred = ask(model, np.ascontiguousarray(image[:, ::-1]), BOX)
    flip = model.dataset_meta['flip_indices']
    stages = pred.stage_keypoints[0][:, flip]
    return stages * (-1, 1) + (100, 0), pred.stage_visibility[0][:, flip]


def test_it_is_init_model(cascade, image):
    ours = load_model(cascade.config, cascade.checkpoint)
    theirs = init_model(cascade.config, cascade.checkpoint, device='cpu')
    found, expected = ask(ours, image), ask(theirs, image)
    assert branch_name(found) in ('easy', 'hard')
    for key in expected.keys():  # noqa: SIM118  (InstanceData iterates rows)
        np.testing.assert_allclose(found[key], expected[key], atol=1e-3)


def test_flip_test_averages_every_stage(flipping, cascade, part):
    plain = load_model(cascade.config, cascade.checkpoint, flip_test=False)
    here = ask(plain, part, BOX).stage_keypoints[0]
    there, _ = ask_mirrored(plain, part)
    found = ask(flipping, part, BOX).stage_keypoints[0]
    assert np.abs(here - there).max() > 0.5
    np.testing.assert_allclose(found, (here + there) / 2, atol=0.02)


def test_with_it_left_and_right_make_no_difference(flipping, part):
    here = ask(flipping, part, BOX)
    landmarks, states = ask_mirrored(flipping, part)
    np.testing.assert_allclose(here.stage_keypoints[0], landmarks, atol=0.02)
    np.testing.assert_array_equal(here.stage_visibility[0], states)


def test_it_says_what_goes_before_the_checkpoint(
    cascade, tmp_path, monkeypatch, capsys
):
    # as in a process that has logged nothing yet
    monkeypatch.setattr(MMLogger, '_instance_dict', OrderedDict())
    config = tmp_path / 'threshold.py'
    config.write_text(
        f'_base_ = {str(cascade.config)!r}\n'
        'model = dict(router=dict(threshold=9.0))\n'
    )
    model = load_model(str(config), cascade.checkpoint)
    assert model.router.threshold == 9
    assert 'router.threshold is 9, as given; the c' in capsys.readouterr().out


def test_refuses_files_that_are_not_there(cascade, tmp_path):
    with pytest.raises(InputError, match='no config no.py'):
        load_model('no.py', cascade.checkpoint)
    with pytest.raises(InputError, match='no checkpoint no.pth'):
        load_model(cascade.config, 'no.pth')
    text = tmp_path / 'text.pth'
    text.write_text('no checkpoint')
    with pytest.raises(CheckpointMismatchError, match='text.pth is no check'):
        load_model(cascade.config, str(text))


def test_devices(monkeypatch):
    monkeypatch.setattr('torch.cuda.is_available', lambda: False)
    assert choose_device() == 'cpu'
    with pytest.raises(InputError, match='no GPU for --device cuda:0'):
        choose_device('cuda:0')
    with pytest.raises(InputError, match='--device no'):
        choose_device('no')
    monkeypatch.setattr('torch.cuda.is_available', lambda: True)
    assert choose_device() == 'cuda:0'
    assert choose_device('cpu') == 'cpu'


@pytest.mark.parametrize('name', ['meta', 'xpu', 1.5, ''])
def test_devices_from_which_nothing_comes_back(name, monkeypatch):
    monkeypatch.setattr('torch.cuda.is_available', lambda: False)
    with pytest.raises(InputError, match='--device') as caught:
        choose_device(name)
    assert len(str(caught.value).splitlines()) == 1
