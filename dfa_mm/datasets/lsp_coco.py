"""Leeds Sports Pose as COCO files: one per labelling convention and split."""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Callable, Dict, Iterable, Optional, Tuple

import numpy as np

from dfa_mm.structures import LSP_SET, Visibility, to_coco

from .coco_writer import CocoFiles, category
from .lsp_raw import (
    CONVENTIONS,
    IMAGE_FOLDER,
    NUM_IMAGES,
    SPLITS,
    Joints,
    LSPError,
    check_agreement,
    find_joint_files,
    image_name,
    image_size,
    read_joints,
)

CONVERTER = 'lsp2coco.py'
# Of the long side of the box round the joints, on every side: LSP has no
# boxes, and head, hands and feet reach beyond their joints.
BOX_MARGIN = 0.1

Size = Optional[Tuple[int, int]]  # width, height; None where not read


@dataclass
class LSPConversion:
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
        LSPError: If a file does not hold what it should.
        FileNotFoundError: If the joints or a picture are missing.
        ForeignFilesError: If it would write over another's file.
    """
    _check_margin(margin)
    files = find_joint_files(root)
    joints = {name: read_joints(path) for name, path in files.items()}
    check_agreement(joints)
    sizes = {
        number: image_size(root, number) if check_images else None
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
                    image_record(number, size),
                    annotation_record(number, labels, size, margin),
                )
                counts[convention, split] += _counts(labels, number, size)
        writer.publish()
    return LSPConversion(files, counts)


def file_name(convention: str, split: str) -> str:
    return f'lsp_{convention}_{split}.json'


def image_record(number: int, size: Size) -> Dict:
    """The id is the picture's number."""
    record = dict(id=number, file_name=image_name(number))
    if size is not None:
        record.update(width=size[0], height=size[1])
    return record


def annotation_record(
    number: int, labels: Joints, size: Size, margin: float
) -> Dict:
    points = labels.points[number - 1]
    low, high = widened_box(points, margin, size)
    if not (high > low).all():
        raise LSPError(
            f'{labels.path}, {image_name(number)}',
            'joints from ({:g}, {:g}) to ({:g}, {:g})'.format(
                *points.min(axis=0), *points.max(axis=0)
            ),
            f'a box that covers some of the {_shown(size)}',
            f'Joints and {IMAGE_FOLDER}/ must be of the same version, the '
            'scaled or the original one.',
        )
    return dict(
        id=number,
        image_id=number,
        category_id=1,
        bbox=[*low.tolist(), *(high - low).tolist()],
        area=float(np.prod(high - low)),
        iscrowd=0,
        keypoints=landmark_triples(points, labels.occluded[number - 1]),
        num_keypoints=len(points),
    )


def widened_box(
    points: np.ndarray, margin: float, size: Size = None
) -> Tuple[np.ndarray, np.ndarray]:
    """The tight box plus ``margin`` x its long side all round, clipped.

    Args:
        points (np.ndarray): (K, 2) x, y in image pixels.
        margin (float): Part of the long side.
        size (tuple[int, int], optional): Width and height of the picture.

    Returns:
        tuple[np.ndarray, np.ndarray]: Upper left and lower right corner
        (2,) in image pixels, within the picture.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    widening = margin * (high - low).max()
    limit = np.array(size or (math.inf, math.inf))
    return np.maximum(low - widening, 0), np.minimum(high + widening, limit)


def landmark_triples(points: np.ndarray, occluded: np.ndarray) -> list:
    """COCO's x, y, v; a joint outside the picture keeps place and flag."""
    states = np.where(occluded, Visibility.OCCLUDED, Visibility.VISIBLE)
    return [
        value
        for (x, y), flag in zip(points.tolist(), to_coco(states).tolist())
        for value in (x, y, flag)
    ]


def outside(points: np.ndarray, size: Size) -> np.ndarray:
    """(K,) True beyond the picture's edges; x = width is still inside."""
    limit = np.array(size or (math.inf, math.inf))
    return ((points < 0) | (points > limit)).any(axis=-1)


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
    info = dict(
        description=f'Leeds Sports Pose: {CONVENTIONS[convention]}, {split}',
        converter=CONVERTER,
        convention=convention,
        margin=arguments['margin'],
        arguments=arguments,
    )
    return dict(info=info, categories=[category(LSP_SET, 'person')])


def _check_margin(margin: float) -> None:
    if not 0 <= margin < math.inf:
        raise LSPError(
            'margin',
            f'{margin:g}',
            "a part of the box's long side, 0 or more",
            f'Pass one such as {BOX_MARGIN}.',
        )


def _shown(size: Size) -> str:
    return 'picture' if size is None else 'picture of {} x {}'.format(*size)
