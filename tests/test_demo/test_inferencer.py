"""MMPose's own ways in give the landmarks that ``init_model`` gives."""

import json
import pickle

import cv2
import numpy as np
import pytest
from demo_files import environment, load_script
from mmengine.config import Config
from mmpose.apis import MMPoseInferencer, inference_topdown, init_model
from mmpose.apis.inference import dataset_meta_from_config
from PIL import Image

from dfa_mm.apis import read_picture
from dfa_mm.structures import FLD_SETS, Visibility

TOLERANCE = 1e-3  # pixels


@pytest.fixture(scope='module')
def model(cascade):
    return init_model(cascade.config, cascade.checkpoint, device='cpu')


@pytest.fixture(scope='module')
def inferencer(cascade):
    return make_inferencer(cascade)


def make_inferencer(model):
    return MMPoseInferencer(
        pose2d=model.config,
        pose2d_weights=model.checkpoint,
        det_model='whole_image',
        device='cpu',
    )


def infer(inferencer, img, **options):
    return next(inferencer(str(img), return_datasamples=True, **options))


def instances(result):
    return result['predictions'][0].pred_instances


def turned(image):
    """The picture stored on its side, with EXIF's word on how to turn it."""
    exif = Image.Exif()
    exif[0x112] = 6
    return image.transpose(Image.Transpose.ROTATE_90), dict(exif=exif)


def with_alpha(image):
    image.putalpha(Image.linear_gradient('L').resize(image.size))
    return image, {}


KINDS = {
    'plain.jpg': lambda image: (image, {}),
    'grey.png': lambda image: (image.convert('L'), {}),
    'grey.jpg': lambda image: (image.convert('L'), {}),
    'rgba.png': with_alpha,
    'turned.jpg': turned,
    'photo.webp': lambda image: (image, {}),
}


@pytest.mark.parametrize('kind', KINDS)
def test_inferencer_as_init_model(kind, model, inferencer, fld_root, tmp_path):
    photo = Image.open(fld_root / 'img/img_00000002.jpg').convert('RGB')
    picture, options = KINDS[kind](photo.crop((0, 0, 60, 100)))
    picture.save(tmp_path / kind, **options)
    image = read_picture(tmp_path / kind)
    assert image.shape == (100, 60, 3)

    found = instances(infer(inferencer, tmp_path / kind))
    expected = inference_topdown(model, image)[0].pred_instances
    for key in ('keypoints', 'stage_keypoints'):
        np.testing.assert_allclose(
            found[key], expected[key], atol=TOLERANCE, rtol=0
        )
    np.testing.assert_array_equal(found.bboxes, [[0, 0, 60, 100]])
    for key in ('landmark_visibility', 'stage_visibility', 'branch'):
        np.testing.assert_array_equal(found[key], expected[key])


def test_inferencer_draws_by_visibility(inferencer, fld_root, tmp_path):
    photo = fld_root / 'img/img_00000002.jpg'
    result = infer(inferencer, photo, vis_out_dir=str(tmp_path / 'vis'))
    drawn = cv2.imread(str(tmp_path / 'vis' / photo.name))
    before = cv2.imread(str(photo))
    assert drawn.shape == before.shape
    colors = inferencer.inferencer.visualizer.dataset_meta['keypoint_colors']
    pred = instances(result)
    assert pred.landmark_visibility[0, 0] == Visibility.VISIBLE
    x, y = pred.keypoints[0, 0].round().astype(int)
    # JPEG changes a colour a little
    np.testing.assert_allclose(drawn[y, x][::-1], colors[0], atol=50)
    assert np.abs(before[y, x][::-1].astype(int) - colors[0]).max() > 50


def test_inferencer_writes_predictions(inferencer, fld_root, tmp_path):
    photo = fld_root / 'img/img_00000002.jpg'
    expected = instances(infer(inferencer, photo))
    next(inferencer(str(photo), pred_out_dir=str(tmp_path)))
    (written,) = json.loads((tmp_path / f'{photo.stem}.json').read_text())
    np.testing.assert_allclose(
        written['keypoints'], expected.keypoints[0], atol=TOLERANCE
    )
    np.testing.assert_allclose(
        written['keypoint_scores'], expected.keypoint_scores[0], atol=1e-5
    )


def test_inferencer_takes_a_folder(inferencer, fld_root, tmp_path):
    for i in (1, 2, 3):
        source = fld_root / f'img/img_0000000{i}.jpg'
        (tmp_path / source.name).write_bytes(source.read_bytes())
    results = list(inferencer(str(tmp_path), return_datasamples=True))
    assert len(results) == 3
    found = instances(results[1]).keypoints
    alone = instances(infer(inferencer, tmp_path / 'img_00000002.jpg'))
    np.testing.assert_allclose(found, alone.keypoints, atol=TOLERANCE)


def test_meta_of_the_checkpoint(upper_cascade, fld_root):
    made = init_model(
        upper_cascade.config, upper_cascade.checkpoint, device='cpu'
    )
    inferencer = make_inferencer(upper_cascade)
    for meta in (
        made.dataset_meta,
        inferencer.inferencer.model.dataset_meta,
        inferencer.inferencer.visualizer.dataset_meta,
    ):
        assert meta['dataset_name'] == 'fld_upper'
        assert meta['flip_indices'] == [1, 0, 3, 2, 5, 4]
        assert meta['keypoint_id2name'][4] == 'left hem'
    found = instances(infer(inferencer, fld_root / 'img/img_00000002.jpg'))
    assert found.keypoints.shape == (1, 6, 2)


def test_meta_without_a_checkpoint_is_the_eight_slots(cascade):
    meta = dataset_meta_from_config(Config.fromfile(cascade.config))
    expected = FLD_SETS['all'].metainfo()
    assert meta['dataset_name'] == 'fld_all'
    assert meta['keypoint_id2name'] == expected['keypoint_id2name']
    assert meta['flip_indices'] == expected['flip_indices']
    assert meta['skeleton_links'] == expected['skeleton_links']


def test_tools_test_as_inference_topdown(
    cascade, model, fld_root, tmp_path, monkeypatch
):
    dump = tmp_path / 'predictions.pkl'
    command = [cascade.config, cascade.checkpoint, '--dump', str(dump)]
    with environment():
        test = load_script('tools/test.py')
        assert test.main([*command, '--work-dir', str(tmp_path)]) == 0
    samples = pickle.loads(dump.read_bytes())
    assert len(samples) == 3  # a tenth of the 30 garments
    for sample in samples:
        box = np.asarray(sample['gt_instances']['bboxes'])
        path = sample['img_path']
        expected = inference_topdown(model, path, box)[0].pred_instances
        for key in ('keypoints', 'stage_keypoints'):
            np.testing.assert_allclose(
                sample['pred_instances'][key],
                expected[key],
                atol=TOLERANCE,
                rtol=0,
            )
        assert sample['pred_instances']['branch'] == expected.branch
    branches = {int(s['pred_instances']['branch'][0]) for s in samples}
    assert branches == {0, 1}
