import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import load_script

tool = load_script('tools/analysis/mean_shape.py')
REPOSITORY = Path(__file__).parents[2]
BOX = [[100, 50, 200, 250]]  # 100 x 200, centre (150, 150)


def test_long_side_of_the_box_spans_the_crop():
    points = [[[150, 150], [150, 50], [200, 250], [250, 150]]]
    # (x - 150) / 200 and (y - 150) / 200
    expected = [[[0, 0], [0, -0.5], [0.25, 0.5], [0.5, 0]]]
    np.testing.assert_allclose(tool.to_crop_frame(points, BOX), expected)


def test_padding_enlarges_the_crop():
    # the side is 200 * 1.25 = 250: 100 / 250 = 0.4
    found = tool.to_crop_frame([[[250, 50]]], BOX, padding=1.25)
    np.testing.assert_allclose(found, [[[0.4, -0.4]]])
    # 0.4 * 250 = 100 beside the centre
    back = tool.from_crop_frame([[0.4, -0.4]], BOX, padding=1.25)
    np.testing.assert_allclose(back, [[[250, 50]]])


@pytest.mark.parametrize('padding', [1.0, 1.2])
def test_there_and_back(padding):
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 50, (7, 2))
    boxes = np.hstack([corner, corner + rng.uniform(1, 90, (7, 2))])
    points = rng.uniform(-100, 300, (7, 3, 2))
    there = tool.to_crop_frame(points, boxes, padding)
    back = tool.from_crop_frame(there, boxes, padding)
    np.testing.assert_allclose(back, points, atol=1e-9)


def test_one_shape_for_many_boxes():
    boxes = [[0, 0, 10, 20], [10, 10, 50, 30]]
    found = tool.from_crop_frame([[0.5, 0.25]], boxes)
    # centres (5, 10) and (30, 20), sides 20 and 40
    np.testing.assert_allclose(found, [[[15, 15]], [[50, 30]]])


def test_box_without_size_has_no_frame():
    flat = [[10, 10, 10, 90]]
    assert np.isnan(tool.to_crop_frame([[[10, 50]]], flat)).all()
    assert np.isnan(tool.from_crop_frame([[0.0, 0.0]], flat)).all()


def test_mean_over_the_samples_that_have_the_landmark():
    points = [[[0, 0], [1, 1]], [[0.2, 0.4], [9, 9]], [[0.4, 0.2], [3, 5]]]
    mask = [[True, True], [True, False], [True, True]]
    # (0 + 0.2 + 0.4) / 3, (0 + 0.4 + 0.2) / 3; (1 + 3) / 2, (1 + 5) / 2
    np.testing.assert_allclose(
        tool.mean_shape(points, mask), [[0.2, 0.2], [2, 3]]
    )


def test_landmark_that_nobody_has_is_nan():
    found = tool.mean_shape([[[1, 2], [3, 4]]], [[True, False]])
    np.testing.assert_array_equal(found, [[1, 2], [np.nan, np.nan]])


def test_point_without_a_number_takes_no_part():
    points = [[[np.nan, np.nan]], [[1, 2]]]
    found = tool.mean_shape(points, np.ones((2, 1), bool))
    np.testing.assert_array_equal(found, [[1, 2]])


def annotation(number, clothes_type, triples):
    """Of a picture of 100 x 100 with the box 0..100: crop = x / 100 - 0.5."""
    return dict(
        id=number,
        image_id=number,
        bbox=[0, 0, 100, 100],
        keypoints=np.ravel(triples).tolist(),
        category_id=1,
        clothes_type=clothes_type,
    )


def write_split(root, split, annotations):
    images = [
        dict(id=ann['id'], file_name=f'{ann["id"]}.jpg', width=100, height=100)
        for ann in annotations
    ]
    content = dict(
        images=images,
        annotations=annotations,
        categories=[dict(id=1, name='clothes')],
    )
    path = root / f'annotations/fld_all_{split}.json'
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))


def slots(hem_x, upper):
    """All landmarks at (50, 50) but the hems; v = 0 where there is none."""
    triples = np.tile([50, 50, 2], (8, 1))
    triples[6:, 0] = hem_x
    triples[slice(4, 6) if upper else slice(0, 4)] = 0
    return triples


@pytest.fixture
def root(tmp_path):
    """Hems at x = 20 in upper clothes and at x = 60 in lower ones."""
    (tmp_path / 'img').mkdir()
    cv2.imwrite(str(tmp_path / 'img/1.jpg'), np.zeros((1, 1, 3), np.uint8))
    write_split(
        tmp_path,
        'train',
        [
            annotation(1, 1, slots(20, True)),
            annotation(2, 2, slots(60, False)),
        ],
    )
    write_split(
        tmp_path,
        'test',
        [
            annotation(3, 1, slots(20, True)),
            annotation(4, 2, slots(60, False)),
        ],
    )
    return tmp_path


def test_tool(root, monkeypatch, capsys):
    monkeypatch.setenv('SYNTHFLD_ROOT', str(root))
    out = root / 'out/mean_shape.json'
    config = str(REPOSITORY / 'configs/dfa_synthfld_stage3.py')
    tool.main([config, '--out', str(out)])
    content = json.loads(out.read_text())

    # the crop is 100 * 1.2 = 120 wide: hems at -30 / 120 and 10 / 120
    shapes = content['shapes']
    assert content['padding'] == 1.2
    assert shapes['upper']['left hem'] == pytest.approx([-0.25, 0])
    assert shapes['lower']['left hem'] == pytest.approx([10 / 120, 0])
    assert shapes['all']['left hem'] == pytest.approx([-10 / 120, 0])
    assert shapes['lower']['left collar'] == [None, None]

    own, one = (
        content['metrics'][f'one shape {name}']
        for name in ('per clothes type', 'for all')
    )
    assert own['NE']['box']['final']['mean'] == pytest.approx(0, abs=1e-6)
    assert own['PDL']['stages']['final']['share'] == 1
    # the common hem is at x = 40, 20 of 100 px off: 0.2 for two of the eight
    # landmarks, and 44.8 px of 224, so that 4 of the 6 + 4 are not detected
    for protocol in ('image', 'box', 'square'):
        mean = one['NE'][protocol]['final']['mean']
        assert mean == pytest.approx(0.2 * 2 / 8, abs=1e-6)
    assert one['PDL']['stages']['final']['share'] == pytest.approx(0.6)

    text = capsys.readouterr().out
    assert 'one shape per clothes type' in text
    assert '0.0500' in text
