"""Clothing Co-Parsing (Yang, Luo and Lin, CVPR 2014) in plain files.

The collection has ``photos/0001.jpg`` ..., ``label_list.mat`` (``label_list``,
59 names; values in the annotations count from 0),
``annotations/pixel-level/0001.mat`` (``groundtruth``, h x w) and
``annotations/image-level/1005.mat`` (``tags``, n x 1).
"""

from collections import Counter
from pathlib import Path
from typing import Callable, Iterable, List, Tuple

import cv2
import numpy as np
from scipy.io import loadmat

from projects.synthfld.owned_folder import claim_folder, seal_folder

TOOL = 'street2fld.py'
LONG_SIDE = 448
_JPEG_QUALITY = 90
_BACKGROUND = 0
_AGAIN = 'download the collection again'


def export_collection(
    download: Path, out: Path, progress: Callable[[Iterable], Iterable] = iter
) -> Counter:
    """Write ``photos``, ``masks``, ``labels.txt`` and ``tags.tsv``.

    Photographs and masks have a long side of 448 pixels; a mask's values
    index the lines of ``labels.txt`` from 0.

    Returns:
        Counter: Numbers of ``photos`` and ``masks``.

    Raises:
        FileNotFoundError: Where the collection is incomplete.
        ForeignFilesError: If other files lie in ``out``.
        ValueError: Where an annotation does not fit its photograph.
    """
    photos = sorted((download / 'photos').glob('*.jpg'))
    if not photos:
        raise FileNotFoundError(
            f'{download / "photos"} holds no *.jpg: pass the folder that '
            'https://github.com/bearpaw/clothing-co-parsing was cloned to'
        )
    labels = _label_names(download / 'label_list.mat')
    for photo in photos:
        _annotation(download, photo)
    claim_folder(out, TOOL, _file_names(photos), overwrite=True)
    for folder in ('photos', 'masks'):
        (out / folder).mkdir(exist_ok=True)
    (out / 'labels.txt').write_text('\n'.join(labels) + '\n')
    rows, counts = ['photo\tlevel\ttags'], Counter()
    for photo in progress(photos):
        level, tags = _export(download, photo, out, len(labels))
        counts['photos'] += 1
        counts['masks'] += level == 'pixel'
        rows.append(f'{photo.name}\t{level}\t{" ".join(map(str, tags))}')
    (out / 'tags.tsv').write_text('\n'.join(rows) + '\n')
    seal_folder(out, TOOL)
    return counts


def _file_names(photos: List[Path]) -> List[str]:
    return [
        *(f'photos/{photo.name}' for photo in photos),
        *(f'masks/{photo.stem}.png' for photo in photos),
        'labels.txt',
        'tags.tsv',
    ]


def _label_names(path: Path) -> List[str]:
    if not path.is_file():
        raise FileNotFoundError(f'{path} is missing: {_AGAIN}')
    names = loadmat(path, variable_names=['label_list'])['label_list'].ravel()
    return [str(np.squeeze(name)) for name in names]


def _annotation(download: Path, photo: Path) -> Tuple[str, Path]:
    """How a photograph is annotated, and in which file."""
    for level in ('pixel', 'image'):
        path = download / f'annotations/{level}-level/{photo.stem}.mat'
        if path.is_file():
            return level, path
    raise FileNotFoundError(f'{photo} has no annotation: {_AGAIN}')


def _export(download, photo, out, num_labels) -> Tuple[str, List[int]]:
    picture = cv2.imread(str(photo))
    if picture is None:
        raise ValueError(f'{photo} is no readable picture: {_AGAIN}')
    scale = LONG_SIDE / max(picture.shape[:2])
    size = [round(n * scale) for n in picture.shape[1::-1]]
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    cv2.imwrite(str(out / 'photos' / photo.name), small, options)
    level, path = _annotation(download, photo)
    if level == 'image':
        return level, _without_background(np.unique(loadmat(path)['tags']))
    mask = loadmat(path)['groundtruth']
    _check_mask(mask, picture, photo, num_labels)
    mask = cv2.resize(
        mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
    )
    cv2.imwrite(str(out / 'masks' / f'{photo.stem}.png'), mask)
    return level, _without_background(np.unique(mask))


def _without_background(tags) -> List[int]:
    return [int(tag) for tag in tags if tag != _BACKGROUND]


def _check_mask(mask, picture, photo, num_labels):
    if mask.shape != picture.shape[:2] or mask.max() >= num_labels:
        raise ValueError(
            f'the mask of {photo} is {mask.shape} with values up to '
            f'{mask.max()}; expected {picture.shape[:2]} and values below '
            f'{num_labels}: {_AGAIN}'
        )
