"""The whole command with a model that reads marks off drawn pictures."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from mmengine.structures import InstanceData

from dfa_mm.datasets.fld_coco import convert
from projects.photos import answers
from projects.photos.self_labels import SelfLabel

SCRIPT = Path(__file__).parents[3] / 'projects/photos/self_label.py'
COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))


@pytest.fixture
def tool(monkeypatch):
    spec = importlib.util.spec_from_file_location('self_label', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(answers, 'load_model', mirroring_model)
    monkeypatch.setattr(answers, 'inference_topdown', read_marks)
    return module


def mirroring_model(config, checkpoint, device, flip_test=True):
    return SimpleNamespace(test_cfg=dict(flip_test=flip_test))


def read_marks(model, image, boxes):
    """As MMPose returns it; where a mark is missing, random points."""
    # else mirrored views would agree of themselves
    assert model.test_cfg == dict(flip_test=False)
    white = image.min(2)
    shares = [*np.moveaxis(image - white[..., None], 2, 0), white]
    if min(share.max() for share in shares) < 128:
        seed = int(boxes.sum()) + image.size
        points = np.random.default_rng(seed).uniform(0, 90, (4, 2))
    else:
        found = [np.argwhere(share > 128) for share in shares]
        points = np.array([mark[:, ::-1].mean(0) for mark in found])
    rows = [sorted(points[:2].tolist()), sorted(points[2:].tolist())]
    keypoints = np.array([rows[0] + rows[1]])
    instances = InstanceData(
        keypoints=keypoints, landmark_visibility=np.zeros((1, 4), int)
    )
    return [SimpleNamespace(pred_instances=instances) for _ in boxes]


def write_photo(path, marked=True):
    image = np.zeros((100, 120, 3), np.uint8)
    places = [(30, 20), (80, 20), (25, 80), (85, 82)]
    for colour, (x, y) in zip(COLOURS, places):
        part = image[y - 4 : y + 5, x - 4 : x + 5]
        part[:] = colour if marked else 0
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / 'photos'
    write_photo(folder / 'train/pants/sure.png')
    write_photo(folder / 'train/pants/labelled.png')
    write_photo(folder / 'train/skirt/unsure.png', marked=False)
    labels = tmp_path / 'labels'
    labels.mkdir()
    (labels / 'SOURCES.tsv').write_text(
        'image\tsource\nimg/img_00000001.jpg\ttrain/pants/labelled.png\n'
    )
    return folder


def run(tool, photos, *more):
    out = photos.parent / 'out'
    labels = str(photos.parent / 'labels')
    arguments = ['c.py', 'c.pth', str(photos), str(out), '--labels', labels]
    return tool.main([*arguments, *more]), out


def test_keeps_what_the_model_agrees_on(tool, photos, tmp_path, capsys):
    sheet = tmp_path / 'sheet.png'
    status, out = run(tool, photos, '--contact-sheet', str(sheet))
    assert status == 0
    printed = capsys.readouterr().out
    assert '2 garments; 1 photographs labelled already' in printed
    assert 'kept 1 of 2' in printed
    assert 'left out, landmarks spread: 1' in printed
    rows = (out / 'SOURCES.tsv').read_text().splitlines()[1:]
    assert len(rows) == 1
    assert 'sure.png' in rows[0]
    conversion = convert(out, out / 'annotations')
    assert conversion.partition_counts == {'train': 1}
    row = (out / 'Anno/list_landmarks.txt').read_text().splitlines()[2]
    values = np.array(row.split()[3:], int).reshape(4, 3)
    assert values[:, 0].tolist() == [0] * 4
    expected = [[30, 20], [80, 20], [25, 80], [85, 82]]
    assert np.abs(values[:, 1:] - expected).max() <= 2
    assert cv2.imread(str(sheet)).size


@pytest.fixture
def street(tmp_path):
    """A photograph with one shirt and much else in it."""
    folder = tmp_path / 'street'
    mask = np.zeros((240, 260), np.uint8)
    mask[60:121, 90:147] = 1
    for name, picture in (('photos/0001.jpg', mask), ('masks/0001.png', mask)):
        (folder / name).parent.mkdir(parents=True)
        cv2.imwrite(str(folder / name), picture)
    (folder / 'labels.txt').write_text('null\nshirt\n')
    (tmp_path / 'labels').mkdir()
    (tmp_path / 'labels/SOURCES.tsv').write_text('image\tphoto\n')
    return folder


def six_landmarks(model, image, clothes_type, box):
    """Evenly on the box's diagonal, the last one 3 pixels beyond it."""
    low, high = np.reshape(box, (2, 2))
    points = low + np.linspace(0, 1, 6)[:, None] * (high + 3 - low)
    return SelfLabel(points, np.zeros(6, int), np.array(box), np.zeros(6), 1)


def test_a_worn_garment_is_cut_out_of_its_photograph(
    tool, street, monkeypatch
):
    monkeypatch.setattr(tool, 'label', six_landmarks)
    status, out = run(tool, street)
    assert status == 0
    # a quarter, rounded up, of the box of 57 x 61 to every side
    image = cv2.imread(str(out / 'img/img_00000001.jpg'))
    assert image.shape[:2] == (61 + 2 * 16, 57 + 2 * 15)
    row = (out / 'Anno/list_landmarks.txt').read_text().splitlines()[2]
    values = np.array(row.split()[3:], int).reshape(6, 3)
    assert values[[0, 5]].tolist() == [[0, 15, 16], [0, 75, 80]]
    row = (out / 'Anno/list_bbox.txt').read_text().splitlines()[2]
    assert np.array(row.split()[1:], int).tolist() == [15, 16, 72, 77]


def test_nothing_agreed_on_is_an_error(tool, photos, capsys):
    status, out = run(tool, photos, '--max-spread', '0.0000001')
    assert status == 1
    assert '--max-spread' in capsys.readouterr().err
    assert not out.exists()


def test_without_the_lists_nothing_is_labelled(tool, photos, capsys):
    (photos.parent / 'labels/SOURCES.tsv').unlink()
    assert run(tool, photos)[0] == 1
    assert 'for testing' in capsys.readouterr().err


def test_other_pictures_in_the_folder_are_not_touched(tool, photos, capsys):
    mine = photos.parent / 'out/img/img_00000001.jpg'
    mine.parent.mkdir(parents=True)
    mine.write_text('mine')
    assert run(tool, photos, '--overwrite')[0] == 2
    assert 'holds img, which self_label.py did' in capsys.readouterr().err
    assert mine.read_text() == 'mine'


def test_own_labels_are_replaced_when_asked(tool, photos, capsys):
    assert run(tool, photos)[0] == 0
    assert run(tool, photos)[0] == 2
    assert '--overwrite' in capsys.readouterr().err
    assert run(tool, photos, '--overwrite')[0] == 0
