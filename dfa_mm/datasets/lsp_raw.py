"""Leeds Sports Pose as published: two MATLAB arrays and 2000 pictures."""

from pathlib import Path
from typing import Dict, NamedTuple, Tuple

import numpy as np
from PIL import Image
from scipy.io import loadmat

from dfa_mm.structures import LSP_SET

PAGE = 'http://sam.johnson.io/research/lsp.html'
IMAGE_FOLDER = 'images'
# Picture numbers, as in the files' names (the data set's page).
SPLITS = {'train': range(1, 1001), 'test': range(1001, 2001)}
NUM_IMAGES = sum(map(len, SPLITS.values()))

CONVENTIONS = {'oc': 'observer-centric', 'pc': 'person-centric'}
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
    'oc': 'They are distributed apart from the data set, as '
    'lsp-joints-OC.mat, with evaluation code such as that of '
    'Chen & Yuille (NIPS 2014)',
    'pc': f'They are the joints.mat of the data set, {PAGE}',
}

# In LSP 7.3 % of the joints are occluded; in LSP extended, where the flag
# means the opposite, most would be.
MAX_OCCLUDED_SHARE = 0.5
# Pixels by which two files may place the same joint differently.
AGREEMENT = 1.0

_AGAIN = f'Download it again from {PAGE}.'


class LSPError(ValueError):
    """What is wrong where, what it should be, and what to do."""

    def __init__(self, where, found: str, expected: str, remedy: str):
        super().__init__(
            f'{where}: found {found}; expected {expected}. {remedy}'
        )


class Joints(NamedTuple):
    """The labels of one file.

    Args:
        path (Path): The file.
        points (np.ndarray): (N, 14, 2) x, y in image pixels, some perhaps
            outside the picture. N = 2000, picture 1 first.
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
        raise FileNotFoundError(
            f'{root} has no joints: looked for '
            + '; '.join(
                f'{", ".join(names)} ({CONVENTIONS[convention]})'
                for convention, names in JOINT_FILES.items()
            )
            + f'. Download Leeds Sports Pose from its page, {PAGE}, and pass '
            f'the folder that holds joints.mat and {IMAGE_FOLDER}/.'
        )
    return found


def read_joints(path: Path) -> Joints:
    """The labels of a file of either axis order.

    Raises:
        LSPError: If the file is not what LSP publishes.
    """
    values = _by_image(path, _load(path))
    if len(values) != NUM_IMAGES:
        raise LSPError(
            path,
            f'the joints of {len(values)} pictures',
            f'{NUM_IMAGES}',
            'Other data sets of the same form, such as LSP extended, have no '
            f'train and test part; LSP is at {PAGE}.',
        )
    points, flags = values[..., :2], values[..., 2]
    _check_points(path, points)
    _check_flags(path, flags)
    return Joints(Path(path), points, flags == 1)


def check_agreement(joints: Dict[str, Joints]) -> None:
    """Two conventions name the same points, some with the sides exchanged."""
    if len(joints) < 2:
        return
    oc, pc = joints['oc'], joints['pc']
    same = _close(oc.points, pc.points)
    mirrored = _close(oc.points, pc.points[:, LSP_SET.flip_indices])
    if same.all():
        raise LSPError(
            oc.path,
            f'the very labels of {pc.path.name}',
            'left and right exchanged in every person seen from behind',
            f'Delete one of the two. {HOW_TO_GET["oc"]}.',
        )
    apart = ~(same | mirrored)
    if apart.any():
        image, joint = np.argwhere(apart)[0]
        raise LSPError(
            _where(oc.path, image, joint),
            '({:g}, {:g})'.format(*oc.points[image, joint]),
            f'where {pc.path.name} has this joint or its mirrored one',
            'One file belongs to the scaled, the other to the original '
            f'pictures: keep the one that fits {IMAGE_FOLDER}/.',
        )


def image_name(number: int) -> str:
    return f'im{number:04d}.jpg'


def image_size(root: Path, number: int) -> Tuple[int, int]:
    """Width and height from the header; no picture of LSP is turned."""
    path = Path(root) / IMAGE_FOLDER / image_name(number)
    try:
        with Image.open(path) as image:
            return image.size
    except FileNotFoundError:
        raise FileNotFoundError(
            f'{path} is missing. Unpack the pictures of Leeds Sports Pose '
            f'({PAGE}) there, or pass --skip-image-check.'
        ) from None
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise LSPError(
            path,
            f'a file that cannot be read ({error})',
            'a JPEG',
            'Unpack it again.',
        ) from error


def _load(path: Path) -> np.ndarray:
    try:
        content = loadmat(path)
    except Exception as error:  # scipy's reader raises whatever it stumbles on
        raise LSPError(
            path, f'no MATLAB file ({error})', 'one up to version 7', _AGAIN
        ) from error
    if 'joints' not in content:
        names = [name for name in content if not name.startswith('__')]
        raise LSPError(
            path,
            f'the variables {", ".join(names) or "(none)"}',
            'one named joints',
            _AGAIN,
        )
    return content['joints']


def _by_image(path: Path, values: np.ndarray) -> np.ndarray:
    """LSP's (3, 14, N) or LSP extended's (14, 3, N) as (N, 14, 3)."""
    number = len(LSP_SET)
    axes = {(3, number): (2, 1, 0), (number, 3): (2, 0, 1)}
    if values.ndim != 3 or values.shape[:2] not in axes:
        raise LSPError(
            path,
            'an array of ' + ' x '.join(map(str, values.shape)),
            f'3 x {number} x {NUM_IMAGES}: x, y and occlusion flag',
            _AGAIN,
        )
    return values.astype(np.float64).transpose(axes[values.shape[:2]])


def _check_points(path: Path, points: np.ndarray) -> None:
    bad = ~np.isfinite(points).all(axis=-1)
    if bad.any():
        image, joint = np.argwhere(bad)[0]
        raise LSPError(
            _where(path, image, joint),
            '({:g}, {:g})'.format(*points[image, joint]),
            'finite numbers, for LSP places every joint',
            _AGAIN,
        )


def _check_flags(path: Path, flags: np.ndarray) -> None:
    bad = ~np.isin(flags, (0, 1))
    if bad.any():
        image, joint = np.argwhere(bad)[0]
        raise LSPError(
            _where(path, image, joint),
            f'the flag {flags[image, joint]:g}',
            '0 (visible) or 1 (occluded)',
            _AGAIN,
        )
    if flags.mean() > MAX_OCCLUDED_SHARE:
        raise LSPError(
            path,
            f'the flag 1 at {flags.mean():.1%} of the joints',
            'it at the few that are occluded (7.3 % in LSP)',
            'It seems to mean "visible", as in LSP extended: write 1 - flag '
            'in its place.',
        )


def _close(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (np.abs(a - b) <= AGREEMENT).all(axis=-1)


def _where(path: Path, image: int, joint: int) -> str:
    return f'{path}, {image_name(image + 1)}, {LSP_SET.landmarks[joint]}'
