"""A made-up copy of Clothing Co-Parsing with two photographs."""

import cv2
import numpy as np
import pytest
from scipy.io import savemat

from projects.photos.ccp import export_collection
from projects.photos.unlabelled import find_garments

NAMES = ['null', 'skin', 'shirt', 'jeans', 'coat']


@pytest.fixture
def download(tmp_path):
    folder = tmp_path / 'ccp'
    for name in ('photos', 'annotations/pixel-level',
                 'annotations/image-level'):  # fmt: skip
        (folder / name).mkdir(parents=True)
    cells = np.empty((1, len(NAMES)), object)
    cells[0] = NAMES
    savemat(folder / 'label_list.mat', dict(label_list=cells))
    for name in ('0001', '0002'):
        picture = np.full((896, 600, 3), 120, np.uint8)
        cv2.imwrite(str(folder / f'photos/{name}.jpg'), picture)
    mask = np.zeros((896, 600), np.uint8)
    mask[100:400, 200:400] = 2
    mask[400:800, 220:380] = 3
    savemat(
        folder / 'annotations/pixel-level/0001.mat', dict(groundtruth=mask)
    )
    tags = np.array([[0], [4], [1]])
    savemat(folder / 'annotations/image-level/0002.mat', dict(tags=tags))
    return folder


def test_plain_files(download, tmp_path):
    out = tmp_path / 'street'
    assert export_collection(download, out) == {'photos': 2, 'masks': 1}
    assert (out / 'labels.txt').read_text().split() == NAMES
    assert (out / 'tags.tsv').read_text().splitlines() == [
        'photo\tlevel\ttags',
        '0001.jpg\tpixel\t2 3',
        '0002.jpg\timage\t1 4',
    ]
    assert cv2.imread(str(out / 'photos/0002.jpg')).shape == (448, 300, 3)
    mask = cv2.imread(str(out / 'masks/0001.png'), cv2.IMREAD_GRAYSCALE)
    assert mask.shape == (448, 300)
    # halved: rows 50 to 200, columns 100 to 200
    rows, columns = np.nonzero(mask == 2)
    assert (rows.min(), rows.max()) == (50, 199)
    assert (columns.min(), columns.max()) == (100, 199)


def test_garments_with_boxes_and_types(download, tmp_path):
    out = tmp_path / 'street'
    export_collection(download, out)
    garments, skipped = find_garments(out, set())
    assert [(g.clothes_type, g.box) for g in garments] == [
        (1, (100, 50, 200, 200)),
        (2, (110, 200, 190, 400)),
    ]
    assert skipped == 0
    assert find_garments(out, {'photos/0001.jpg'}) == ([], 1)


def test_a_mask_of_another_size_is_refused(download, tmp_path):
    wrong = dict(groundtruth=np.zeros((10, 10), np.uint8))
    savemat(download / 'annotations/pixel-level/0001.mat', wrong)
    with pytest.raises(ValueError, match='0001.jpg is .10, 10. with values'):
        export_collection(download, tmp_path / 'street')


def test_an_incomplete_collection_leaves_no_folder_behind(download, tmp_path):
    out = tmp_path / 'street'
    (download / 'annotations/image-level/0002.mat').unlink()
    with pytest.raises(FileNotFoundError, match='0002.jpg has no annotation'):
        export_collection(download, out)
    (download / 'label_list.mat').unlink()
    with pytest.raises(FileNotFoundError, match='label_list.mat is missing'):
        export_collection(download, out)
    assert not out.exists()


def test_a_broken_photograph_is_named(download, tmp_path):
    (download / 'photos/0002.jpg').write_text('no picture')
    with pytest.raises(ValueError, match='0002.jpg is no readable picture'):
        export_collection(download, tmp_path / 'street')
