"""From dumped predictions to a sheet of the best and the worst."""

import pickle

import cv2
import numpy as np
import pytest
from demo_files import load_script

error_sheet = load_script('tools/analysis/error_sheet.py')


def sample(offset, states=(0, 0, 0, 1), img_path='nowhere.jpg'):
    """A pair of trousers in a box of 100 x 200, all landmarks off in x."""
    truth = np.array([[[20.0, 20], [80, 20], [20, 180], [80, 180]]])
    states = np.array([states])
    return dict(
        dataset_name='fld_lower',
        img_path=str(img_path),
        ori_shape=(220, 120),
        gt_instances=dict(
            keypoints=truth,
            landmark_visibility=states,
            bboxes=np.array([[5.0, 5, 105, 205]]),
        ),
        pred_instances=dict(
            keypoints=truth + [offset, 0.0], landmark_visibility=states
        ),
    )


def test_error_of_the_visible_landmarks():
    one_off = sample(0.0)
    one_off['pred_instances']['keypoints'][0, 0] += (30.0, 80.0)
    # the hidden one takes no part
    one_off['pred_instances']['keypoints'][0, 3] += 50
    nobody = sample(3.0, states=(1, 1, 2, 1))
    errors = error_sheet.garment_errors([sample(10.0), one_off, nobody])
    np.testing.assert_allclose(errors, [0.1, 0.5 / 3, np.nan])


def test_even_ranks_with_best_and_worst():
    errors = np.array([0.3, np.nan, 0.1, 0.5, 0.2, 0.4])
    assert error_sheet.choose(errors, 3).tolist() == [2, 0, 3]
    assert error_sheet.choose(errors, 9).tolist() == [2, 4, 0, 5, 3]


def test_the_worst_first():
    errors = np.array([0.3, np.nan, 0.1, 0.5, 0.2, 0.4])
    assert error_sheet.choose_worst(errors, 3).tolist() == [3, 5, 0]
    assert error_sheet.choose_worst(errors, 9).tolist() == [3, 5, 0, 4, 2]


def test_what_stands_above_a_bad_one():
    one = sample(10.0, img_path='img/img_00000012.jpg')
    one['clothes_type'] = 2
    # .2 in the third slot of trousers; the hidden fourth takes no part
    one['pred_instances']['keypoints'][0, 2:, 0] += [10, 90]
    assert error_sheet.lines_of(one, 0.4 / 3) == [
        'img_00000012',
        'lower 0.133, left hem 0.200',
    ]


def test_a_sheet_of_the_worst(tmp_path):
    dump, out = tmp_path / 'dump.pkl', tmp_path / 'sheet.png'
    dump.write_bytes(pickle.dumps([sample(i) for i in range(5)]))
    options = ['--worst', '--num', '4', '--columns', '2', '--no-photographs']
    assert error_sheet.main([str(dump), str(out), *options]) == 0
    sheet = cv2.imread(str(out))
    width = error_sheet.WORST_SIZE
    assert sheet.shape[1] == 2 * width + 4
    # the bars reach across a panel, however narrow its garment
    assert (sheet[1, :width] < 60).all()


def test_a_dump_that_is_none(tmp_path):
    dump = tmp_path / 'dump.pkl'
    dump.write_bytes(b'words')
    with pytest.raises(SystemExit, match='dump.pkl is no dump'):
        error_sheet.main([str(dump), str(tmp_path / 'sheet.png')])


@pytest.mark.parametrize('photographs', [True, False])
def test_sheet(tmp_path, photographs):
    picture = tmp_path / 'photo.png'
    cv2.imwrite(str(picture), np.full((220, 120, 3), (255, 0, 0), np.uint8))
    dump, out = tmp_path / 'dump.pkl', tmp_path / 'new/sheet.png'
    samples = [sample(i, img_path=picture) for i in range(5)]
    dump.write_bytes(pickle.dumps(samples))
    options = ['--num', '4', '--columns', '2']
    options += [] if photographs else ['--no-photographs']
    assert error_sheet.main([str(dump), str(out), *options]) == 0
    sheet = cv2.imread(str(out)).reshape(-1, 3)
    blue = (sheet == (255, 0, 0)).all(axis=1).mean()
    grey = (sheet == error_sheet.GREY).all(axis=1).mean()
    assert (blue > 0.3) == photographs
    assert (grey > 0.005) == (not photographs)


def test_a_photograph_that_is_gone():
    with pytest.raises(FileNotFoundError, match='nowhere.jpg'):
        error_sheet.panel(sample(1.0), 0.1, photograph=True)
