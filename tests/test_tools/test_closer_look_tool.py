"""Three views of a small set, measured by a cascade with random weights."""

import json

import cv2
import numpy as np
import pytest
from demo_files import cascade, fld_root, load_script  # noqa: E402, F401
from mmpose.apis import inference_topdown, init_model

tool = load_script('tools/analysis/closer_look.py')


@pytest.fixture
def measured(cascade, tmp_path, capsys):  # noqa: F811
    out = tmp_path / 'new/closer.json'
    options = ['--out', str(out), '--margins', '0.05', '0.2']
    tool.main([cascade.config, cascade.checkpoint, *options])
    return json.loads(out.read_text()), capsys.readouterr().out


def box_errors(cascade, root):  # noqa: F811
    """NE box of the visible landmarks by slot, asked with the true boxes."""
    content = json.loads((root / 'annotations/fld_all_test.json').read_text())
    names = {i['id']: i['file_name'] for i in content['images']}
    model = init_model(cascade.config, cascade.checkpoint, device='cpu')
    errors = []
    for each in content['annotations']:
        image = cv2.imread(str(root / 'img' / names[each['image_id']]))
        x, y, width, height = each['bbox']
        box = np.array([[x, y, x + width, y + height]], np.float32)
        pred = inference_topdown(model, image, box)[0].pred_instances
        truth = np.reshape(each['keypoints'], (-1, 3))
        far = (pred.keypoints[0] - truth[:, :2]) / (width, height)
        errors.append(
            np.where(truth[:, 2] == 2, np.linalg.norm(far, axis=1), np.nan)
        )
    return np.array(errors)


def test_views(measured, cascade, fld_root):  # noqa: F811
    results, text = measured
    views = ['whole', 'box', 'closer, margin 0.05', 'closer, margin 0.2']
    assert list(results['metrics']) == views
    assert results['garments'] == 3
    ne = {
        view: results['metrics'][view]['NE']['box']['final']['mean']
        for view in views
    }
    assert len(set(ne.values())) == 4
    assert all(f'{value:.4f}' in text for value in ne.values())
    # first over the garments, then over the landmarks that are seen at all
    errors = box_errors(cascade, fld_root)
    seen = ~np.isnan(errors).all(0)
    expected = np.nanmean(errors[:, seen], 0).mean()
    assert ne['box'] == pytest.approx(expected, abs=1e-4)
