"""Leeds Sports Pose as COCO files: one per labelling convention and split."""

import math
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Callable, Dict, Iterable, NamedTuple, Tuple

import numpy as np

from dfa_mm.datasets.coco_writer import (
    CocoFiles,
    annotation_record,
    file_head,
    image_record,
)
from dfa_mm.datasets.lsp_dataset import (
    CONVENTIONS,
    IMAGE_FOLDER,
    PAGE,
    SPLITS,
)
from dfa_mm.datasets.raw_data import RawDataError, Size, image_size, shown
from dfa_mm.structures import LSP_SET, Visibility, to_coco

from .lsp_raw import (
    NUM_IMAGES,
    Joints,
    check_agreement,
    find_joint_files,
    image_name,
    read_joints,
)

CONVERTER = 'lsp2coco.py'
# Of the long side of the box round the joints, on every side: LSP has no
# boxes, and head, hands and feet reach beyond their joints.
BOX_MARGIN = 0.1


class LSPConversion(NamedTuple):
    """What was converted.

    Args:
        files (dict[str, Path]): The joint file of each convention.
        counts (dict[tuple[str, str], Counter]): By convention and split the
            numbers of ``images``, ``joints``, ``occluded`` joints, joints
            ``outside`` the picture and ``images with outside`` joints.
    """

    files: Dict[str, Path]
    counts: Dict[Tuple[str, str], Counter]


def convert(
    root: Path,
    out_dir: Path,
    check_images: bool = True,
    margin: float = BOX_MARGIN,
    progress: Callable[[Iterable, int], Iterable] = lambda rows, total: rows,
) -> LSPConversion:
    """Writes all files, or raises and writes none.

    Raises:
        RawDataError: If a file does not hold what it should.
        FileNotFoundError: If the joints are missing.
        ForeignFilesError: If it would write over another's file.
    """
    if not 0 <= margin < math.inf:
        raise RawDataError(
            'margin',
            f'{margin:g}',
            "a part of the box's long side, 0 or more",
            f'Pass one such as {BOX_MARGIN}.',
        )
    files = find_joint_files(root)
    joints = {name: read_joints(path) for name, path in files.items()}
    check_agreement(joints)
    sizes = {
        number: _image_size(root, number) if check_images else None
        for number in progress(range(1, NUM_IMAGES + 1), NUM_IMAGES)
    }
    arguments = dict(skip_image_check=not check_images, margin=margin)
    parts = list(product(joints, SPLITS))
    heads = {file_name(*part): _head(*part, arguments) for part in parts}
    counts = {part: Counter() for part in parts}
    with CocoFiles(out_dir, CONVERTER, heads) as writer:
        for convention, split in parts:
            labels = joints[convention]
            for number in SPLITS[split]:
                size = sizes[number]
                writer.add(
                    file_name(convention, split),
                    image_record(number, image_name(number), size),
                    person_record(number, labels, size, margin),
                )
                counts[convention, split] += _counts(labels, number, size)
        writer.publish()
    return LSPConversion(files, counts)


def file_name(convention: str, split: str) -> str:
    return f'lsp_{convention}_{split}.json'


def person_record(
    number: int, labels: Joints, size: Size, margin: float
) -> Dict:
    """Of picture ``number``; a joint outside it keeps its place and flag."""
    points = labels.points[number - 1]
    low, high = widened_box(points, margin, size)
    if not (high > low).all():
        raise RawDataError(
            f'{labels.path}, {image_name(number)}',
            'joints from ({:g}, {:g}) to ({:g}, {:g})'.format(
                *points.min(axis=0), *points.max(axis=0)
            ),
            f'a box that covers some of the {shown(size)}',
            f'Joints and {IMAGE_FOLDER}/ must be of the same version, the '
            'scaled or the original one.',
        )
    flags = to_coco(
        np.where(
            labels.occluded[number - 1],
            Visibility.OCCLUDED,
            Visibility.VISIBLE,
        )
    )
    return annotation_record(
        number,
        [*low.tolist(), *(high - low).tolist()],
        float(np.prod(high - low)),
        [
            value
            for (x, y), flag in zip(points.tolist(), flags.tolist())
            for value in (x, y, flag)
        ],
    )


def widened_box(
    points: np.ndarray, margin: float, size: Size
) -> Tuple[np.ndarray, np.ndarray]:
    """The tight box plus ``margin`` x its long side all round, clipped.

    Args:
        points (np.ndarray): (K, 2) x, y in image pixels.

    Returns:
        tuple[np.ndarray, np.ndarray]: Upper left and lower right corner
        (2,) in image pixels, within the picture.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    widening = margin * (high - low).max()
    return (
        np.maximum(low - widening, 0),
        np.minimum(high + widening, size or math.inf),
    )


def outside(points: np.ndarray, size: Size) -> np.ndarray:
    """(K,) True beyond the picture's edges; x = width is still inside."""
    return ((points < 0) | (points > (size or math.inf))).any(axis=-1)


def _image_size(root: Path, number: int) -> Tuple[int, int]:
    path = Path(root) / IMAGE_FOLDER / image_name(number)
    remedy = (
        f'Unpack the pictures of Leeds Sports Pose ({PAGE}) there, or pass '
        '--skip-image-check.'
    )
    return image_size(path, str(path), remedy)


def _counts(labels: Joints, number: int, size: Size) -> Counter:
    beyond = int(outside(labels.points[number - 1], size).sum())
    return Counter(
        {
            'images': 1,
            'joints': len(LSP_SET),
            'occluded': int(labels.occluded[number - 1].sum()),
            'outside': beyond,
            'images with outside': int(beyond > 0),
        }
    )


def _head(convention: str, split: str, arguments: Dict) -> Dict:
    return file_head(
        LSP_SET,
        'person',
        description=f'Leeds Sports Pose: {CONVENTIONS[convention]}, {split}',
        converter=CONVERTER,
        convention=convention,
        margin=arguments['margin'],
        arguments=arguments,
    )
