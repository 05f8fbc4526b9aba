"""MMPose's own inferencer_demo.py with this package's models."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest
from demo_files import REPOSITORY, load_script
from mmpose.apis import inference_topdown, init_model

demo = load_script('demo/inferencer_demo.py')
pytestmark = pytest.mark.skipif(
    not demo.SCRIPT.is_file(), reason='this MMPose comes without its demos'
)


def command(cascade, source, folder):
    return [
        str(source),
        *('--pose2d', cascade.config, '--pose2d-weights', cascade.checkpoint),
        *('--det-model', 'whole_image', '--device', 'cpu', '--draw-bbox'),
        *('--vis-out-dir', str(folder / 'vis')),
        *('--pred-out-dir', str(folder / 'pred')),
    ]


def assert_complete(cascade, photo, folder):
    (written,) = json.loads((folder / f'pred/{photo.stem}.json').read_text())
    model = init_model(cascade.config, cascade.checkpoint, device='cpu')
    pred = inference_topdown(model, cv2.imread(str(photo)))[0].pred_instances
    for key in ('keypoints', 'visibility_scores', 'stage_keypoints'):
        np.testing.assert_allclose(written[key], pred[key][0], atol=1e-3)
    assert written['landmark_visibility'] == (
        pred.landmark_visibility[0].tolist()
    )
    assert written['branch'] == pred.branch[0]
    drawn = cv2.imread(str(folder / 'vis' / photo.name))
    assert drawn.shape == cv2.imread(str(photo)).shape


def test_a_folder(cascade, fld_root, tmp_path, monkeypatch):
    photos = [fld_root / f'img/img_0000000{i}.jpg' for i in (1, 2)]
    folder = tmp_path / 'shop'
    folder.mkdir()
    for photo in photos:
        (folder / photo.name).write_bytes(photo.read_bytes())
    arguments = command(cascade, folder, tmp_path)
    monkeypatch.setattr(sys, 'argv', ['inferencer_demo.py', *arguments])
    demo.main()
    for photo in photos:
        assert_complete(cascade, photo, tmp_path)


@pytest.mark.slow
def test_from_the_shell(cascade, fld_root, tmp_path):
    photo = fld_root / 'img/img_00000002.jpg'
    arguments = command(cascade, photo, tmp_path)
    script = str(REPOSITORY / 'demo/inferencer_demo.py')
    subprocess.run([sys.executable, script, *arguments], check=True)
    assert_complete(cascade, photo, tmp_path)


def test_without_mmposes_demos_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, 'SCRIPT', tmp_path / 'missing.py')
    with pytest.raises(SystemExit, match='comes without its demos'):
        demo.main()
