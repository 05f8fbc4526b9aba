import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from mmpose.apis import inference_topdown, init_model

from dfa_mm.apis import (
    InputError,
    LandmarkInferencer,
    default_model,
    default_model_files,
    garment_detector_files,
    load_default,
)


@pytest.fixture
def roots(tmp_path, monkeypatch):
    roots = tmp_path / 'package', tmp_path / 'repository'
    monkeypatch.setattr(default_model, 'ROOTS', roots)
    return roots


def ship(
    root,
    config,
    checkpoint,
    name=None,
    folder='default_model',
    stem='dfa_mm_default',
):
    """Put the two files where they are looked for."""
    folder = root / 'projects' / folder
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(config, folder / f'{stem}.py')
    content = Path(checkpoint).read_bytes()
    name = name or hashlib.sha256(content).hexdigest()[:8] + '_20261124'
    path = folder / f'{stem}-{name}.pth'
    path.write_bytes(content)
    return str(folder / f'{stem}.py'), str(path)


@pytest.fixture
def half(cascade, tmp_path):
    """The cascade's checkpoint in 16-bit floats."""
    content = torch.load(cascade.checkpoint, weights_only=True)
    content['state_dict'] = {
        key: value.half() if value.is_floating_point() else value
        for key, value in content['state_dict'].items()
    }
    torch.save(content, tmp_path / 'half.pth')
    return tmp_path / 'half.pth'


def test_without_it_the_remedy_is_told(roots):
    with pytest.raises(InputError, match='make train') as caught:
        default_model_files()
    assert all(str(root) in str(caught.value) for root in roots)
    with pytest.raises(InputError, match='make train'):
        load_default()
    with pytest.raises(InputError, match='make train'):
        LandmarkInferencer()


def test_the_detector_is_found_likewise(roots, cascade):
    with pytest.raises(InputError, match='without its garment detector'):
        garment_detector_files()
    folder, name = 'garment_detector', 'garment_detector'
    files = ship(
        roots[1], cascade.config, cascade.checkpoint, None, folder, name
    )
    assert garment_detector_files() == files


def test_the_installed_one_comes_first(roots, cascade):
    files = [ship(r, cascade.config, cascade.checkpoint) for r in roots]
    assert default_model_files() == files[0]
    shutil.rmtree(roots[0])
    assert default_model_files() == files[1]


def test_a_damaged_checkpoint_is_named(roots, cascade):
    ship(roots[0], cascade.config, cascade.checkpoint, name='0123abcd')
    with pytest.raises(InputError, match='not with 0123abcd'):
        default_model_files()
    ship(roots[0], cascade.config, cascade.checkpoint)
    with pytest.raises(InputError, match='several.*0123abcd'):
        default_model_files()


def test_it_is_ready_to_be_asked(roots, cascade, half, image):
    ship(roots[1], cascade.config, half)
    model = load_default(device='cpu')
    assert not model.training
    assert model.dataset_meta['num_keypoints'] == 8
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    whole = init_model(cascade.config, cascade.checkpoint, device='cpu')
    found, expected = (
        inference_topdown(m, image)[0].pred_instances for m in (model, whole)
    )
    # 16-bit floats have three digits; the picture has 128 pixels
    np.testing.assert_allclose(found.keypoints, expected.keypoints, atol=1)
    inferencer = LandmarkInferencer(device='cpu')
    result = next(
        inferencer(image, return_datasamples=True, closer_look=False)
    )
    np.testing.assert_allclose(
        result['predictions'][0].pred_instances.keypoints,
        found.keypoints,
        atol=1e-3,
    )
