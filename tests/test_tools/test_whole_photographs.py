"""The command, with what the detector finds given."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import cascade, fld_root, load_script  # noqa: E402, F401

from dfa_mm.apis import find_landmarks, load_model, read_picture
from dfa_mm.structures import CLOTHES_TYPES, TYPE_SLOTS
from projects.garment_detector import find

tool = load_script('tools/analysis/whole_photographs.py')


@pytest.fixture
def photographs(tmp_path, fld_root):  # noqa: F811
    """One of the drawn test garments with its label, and an empty picture."""
    labels = fld_root / 'annotations/fld_all_test.json'
    content = json.loads(labels.read_text())
    each = content['annotations'][0]
    (image,) = (i for i in content['images'] if i['id'] == each['image_id'])
    states = np.reshape(each['keypoints'], (-1, 3))[:, 2]
    garment = dict(
        image_id=1,
        bbox=each['bbox'],
        clothes_type='upper',
        keypoints=each['keypoints'],
        landmark_states=np.where(states > 0, 2 - states, -1).tolist(),
        source='second',
    )
    picture = cv2.imread(str(fld_root / 'img' / Path(image['file_name']).name))
    cv2.imwrite(str(tmp_path / 'garment.png'), picture)
    cv2.imwrite(str(tmp_path / 'empty.png'), np.zeros((60, 60, 3), np.uint8))
    path = tmp_path / 'annotations/test.json'
    path.parent.mkdir()
    images = [
        dict(id=1, file_name='garment.png'),
        dict(id=2, file_name='empty.png'),
    ]
    path.write_text(json.dumps(dict(images=images, annotations=[garment])))
    return path


def boxes_of(image):
    """Where the picture is not empty, a garment."""
    if not image.any():
        return find.Garments(np.zeros((0, 4)), [], np.zeros(0))
    height, width = image.shape[:2]
    box = np.array([[0.0, 0, width, height]])
    return find.Garments(box, ['upper'], np.array([0.75]))


def test_results(photographs, cascade, tmp_path, monkeypatch, capsys):  # noqa: F811
    monkeypatch.setattr(find, 'load_detector', lambda **_: None)
    monkeypatch.setattr(
        find, 'find_garments', lambda image, _: boxes_of(image)
    )
    out = tmp_path / 'new/whole.json'
    arguments = [cascade.config, cascade.checkpoint, str(photographs)]
    assert tool.main([*arguments, '--out', str(out), '--device', 'cpu']) == 0
    results = json.loads(out.read_text())
    assert results['garments'] == {'all': 1, 'upper': 1}
    assert results['without_any'] == 1
    assert [one['image'] for one in results['each']] == [
        'garment.png',
        'empty.png',
    ]
    # as asked with that box and type
    image = read_picture(str(tmp_path / 'garment.png'))
    model = load_model(cascade.config, cascade.checkpoint)
    height, width = image.shape[:2]
    pred = find_landmarks(model, image, [0, 0, width, height], 'upper')
    (found,) = tool.look(image, tool.detect(image, None), model)
    np.testing.assert_allclose(found.landmarks, pred.keypoints[0])
    assert (found.type, found.score) == ('upper', 0.75)
    assert 'Whole photographs' in capsys.readouterr().out


def test_labelled_boxes(photographs, cascade, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr(find, 'find_garments', None)
    out = tmp_path / 'whole.json'
    options = ['--out', str(out), '--device', 'cpu', '--given']
    tool.main([cascade.config, cascade.checkpoint, str(photographs), *options])
    results = json.loads(out.read_text())
    assert results['given']
    assert results['found'] == {'all': 1, 'upper': 1}
    assert results['false_per_photograph'] == 0


def test_labels(photographs):
    (name, (garment,), complete), (_, none, _) = tool.read_labels(
        photographs, ['first']
    )
    assert (name, garment.type, complete, none) == (
        'garment.png',
        'upper',
        True,
        [],
    )
    x_1, y_1, x_2, y_2 = garment.box
    assert x_1 < x_2
    assert y_1 < y_2
    _, _, complete = next(tool.read_labels(photographs, ['second']))
    assert not complete


def test_annotations_that_are_not_there(capsys):
    with pytest.raises(SystemExit):
        tool.main(['a.py', 'a.pth', 'nowhere.json', '--out', 'b.json'])
    assert 'no file nowhere.json' in capsys.readouterr().err


def test_labels_as_fld2coco_writes_them(fld_root):  # noqa: F811
    path = fld_root / 'annotations/fld_all_test.json'
    annotations = json.loads(path.read_text())['annotations']
    for (_, garments, complete), one in zip(
        tool.read_labels(path, ['first']), annotations
    ):
        assert complete
        (garment,) = garments
        assert garment.type == CLOTHES_TYPES[one['clothes_type']]
        flags = np.array(one['keypoints'])[2::3]
        has = np.isin(range(8), TYPE_SLOTS[one['clothes_type']])
        np.testing.assert_array_equal(garment.states == -1, ~has)
        np.testing.assert_array_equal(garment.states[has], 2 - flags[has])


def test_turned():
    # In a picture 10 wide, column 1 becomes row 10 - 1 - 1 = 8 from the top.
    garment = tool.Garment(
        'upper',
        np.array([1.0, 2.0, 6.0, 5.0]),
        np.array([[1.0, 2.0], [6.0, 4.0]]),
        np.array([0, 1]),
    )
    found = tool.turned(garment, 10)
    np.testing.assert_array_equal(found.box, [2, 3, 5, 8])
    np.testing.assert_array_equal(found.landmarks, [[2, 8], [4, 3]])
    # as NumPy turns pictures: the pixel goes where its landmark does
    picture = np.zeros((7, 10))
    picture[4, 6] = 1
    assert np.rot90(picture)[3, 4] == 1
