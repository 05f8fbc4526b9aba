"""Leeds Sports Pose as published: two MATLAB arrays and 2000 pictures."""

from pathlib import Path
from typing import Dict, NamedTuple

import numpy as np
from scipy.io import loadmat

from dfa_mm.datasets.lsp_dataset import (
    CONVENTIONS,
    HOW_TO_GET_OC,
    IMAGE_FOLDER,
    PAGE,
    SPLITS,
)
from dfa_mm.datasets.raw_data import RawDataError
from dfa_mm.structures import LSP_SET

NUM_IMAGES = sum(map(len, SPLITS.values()))

# The first of them that is there counts.
JOINT_FILES = {
    'oc': (
        'joints_observer_centric.mat',
        'lsp-joints-OC.mat',
        'LSP-joints-OC.mat',
    ),
    'pc': (
        'joints_person_centric.mat',
        'joints.mat',
        'lsp-joints-PC.mat',
        'LSP-joints-PC.mat',
    ),
}
HOW_TO_GET = {
    'oc': HOW_TO_GET_OC,
    'pc': f'They are the joints.mat of the data set, {PAGE}',
}

# In LSP 7.3 % of the joints are occluded; in LSP extended, where the flag
# means the opposite, most would be.
MAX_OCCLUDED_SHARE = 0.5
# Pixels by which two files may place the same joint differently.
AGREEMENT = 1.0

_AGAIN = f'Download it again from {PAGE}.'


class Joints(NamedTuple):
    """The labels of one file, picture 1 first; N = 2000.

    Args:
        points (np.ndarray): (N, 14, 2) x, y in image pixels, some perhaps
            outside the picture.
        occluded (np.ndarray): (N, 14) bool.
    """

    path: Path
    points: np.ndarray
    occluded: np.ndarray


def find_joint_files(root: Path) -> Dict[str, Path]:
    """The file of each convention that is there.

    Raises:
        FileNotFoundError: If there is none.
    """
    found = {}
    for convention, names in JOINT_FILES.items():
        paths = [Path(root) / name for name in names]
        there = [path for path in paths if path.is_file()]
        if there:
            found[convention] = there[0]
    if not found:
        looked_for = '; '.join(
            f'{", ".join(names)} ({CONVENTIONS[convention]})'
            for convention, names in JOINT_FILES.items()
        )
        raise FileNotFoundError(
            f'{root} has no joints: looked for {looked_for}. Download Leeds '
            f'Sports Pose from its page, {PAGE}, and pass the folder that '
            f'holds joints.mat and {IMAGE_FOLDER}/.'
        )
    return found


def read_joints(path: Path) -> Joints:
    """The labels of a file of either axis order.

    Raises:
        RawDataError: If the file is not what LSP publishes.
    """
    values = _by_image(path, _load(path))
    if len(values) != NUM_IMAGES:
        raise RawDataError(
            path,
            f'the joints of {len(values)} pictures',
            f'{NUM_IMAGES}',
            'Other data sets of the same form, such as LSP extended, have no '
            f'train and test part; LSP is at {PAGE}.',
        )
    points, flags = values[..., :2], values[..., 2]
    _check_joints(
        path,
        np.isfinite(points).all(axis=-1),
        points,
        '({:g}, {:g})',
        'finite numbers, for LSP places every joint',
        _AGAIN,
    )
    _check_joints(
        path,
        np.isin(flags, (0, 1)),
        flags[..., None],
        'the flag {:g}',
        '0 (visible) or 1 (occluded)',
        _AGAIN,
    )
    if flags.mean() > MAX_OCCLUDED_SHARE:
        raise RawDataError(
            path,
            f'the flag 1 at {flags.mean():.1%} of the joints',
            'it at the few that are occluded (7.3 % in LSP)',
            'It seems to mean "visible", as in LSP extended: write 1 - flag '
            'in its place.',
        )
    return Joints(Path(path), points, flags == 1)


def check_agreement(joints: Dict[str, Joints]) -> None:
    """Two conventions name the same points, some with the sides exchanged."""
    if len(joints) < 2:
        return
    oc, pc = joints['oc'], joints['pc']
    same = _close(oc.points, pc.points)
    mirrored = _close(oc.points, pc.points[:, LSP_SET.flip_indices])
    if same.all():
        raise RawDataError(
            oc.path,
            f'the very labels of {pc.path.name}',
            'left and right exchanged in every person seen from behind',
            f'Delete one of the two. {HOW_TO_GET["oc"]}.',
        )
    _check_joints(
        oc.path,
        same | mirrored,
        oc.points,
        '({:g}, {:g})',
        f'where {pc.path.name} has this joint or its mirrored one',
        'One file belongs to the scaled, the other to the original '
        f'pictures: keep the one that fits {IMAGE_FOLDER}/.',
    )


def image_name(number: int) -> str:
    return f'im{number:04d}.jpg'


def _load(path: Path) -> np.ndarray:
    try:
        content = loadmat(path)
    except Exception as error:  # scipy's reader raises whatever it stumbles on
        raise RawDataError(
            path, f'no MATLAB file ({error})', 'one up to version 7', _AGAIN
        ) from error
    if 'joints' not in content:
        names = [name for name in content if not name.startswith('__')]
        found = f'the variables {", ".join(names) or "(none)"}'
        raise RawDataError(path, found, 'one named joints', _AGAIN)
    return content['joints']


def _by_image(path: Path, values: np.ndarray) -> np.ndarray:
    """LSP's (3, 14, N) or LSP extended's (14, 3, N) as (N, 14, 3)."""
    number = len(LSP_SET)
    axes = {(3, number): (2, 1, 0), (number, 3): (2, 0, 1)}
    if values.ndim != 3 or values.shape[:2] not in axes:
        raise RawDataError(
            path,
            'an array of ' + ' x '.join(map(str, values.shape)),
            f'3 x {number} x {NUM_IMAGES}: x, y and occlusion flag',
            _AGAIN,
        )
    return values.astype(np.float64).transpose(axes[values.shape[:2]])


def _close(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (np.abs(a - b) <= AGREEMENT).all(axis=-1)


def _check_joints(
    path: Path,
    good: np.ndarray,
    values: np.ndarray,
    found: str,
    expected: str,
    remedy: str,
) -> None:
    """Raises at the first joint that is not ``good`` (N, 14).

    ``found`` is the format of its ``values`` (N, 14, V).
    """
    if not good.all():
        image, joint = np.argwhere(~good)[0]
        raise RawDataError(
            f'{path}, {image_name(image + 1)}, {LSP_SET.landmarks[joint]}',
            found.format(*values[image, joint]),
            expected,
            remedy,
        )
