"""Is everything there, also what pip cannot bring by itself?

MMPose as released asks for a package that no longer builds; mmcv must not
stand beside mmcv-lite, nor opencv-python beside its headless version. None of
them is a requirement; one command installs those that are missing.
``dfa_mm`` asks before it imports anything else.
"""

import re
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from typing import List

# what is imported: what to install where nothing answers to that name. The
# pins are those of requirements/openmmlab.txt.
WITHOUT_DEPENDENCIES = dict(
    mmengine='mmengine==0.10.7',
    mmcv='mmcv-lite==2.1.0',
    mmpose='mmpose==1.3.2',
    cv2='opencv-python==4.11.0.86',
)
# the first whose torch.load(weights_only=True) runs no code that is hidden
# in a checkpoint (CVE-2025-32434)
SAFE_TORCH = (2, 6)


class NotInstalledError(ImportError):
    """A package is missing or unsafe; names the command that helps.

    Its ``name`` is the package that cannot be imported for it: ours.
    """

    def __init__(self, message: str):
        super().__init__(message, name=__package__)


def check() -> None:
    """Refuse to go on without what is needed.

    Raises:
        NotInstalledError: In one line, with the command.
    """
    requirements = _missing_requirements()
    bare = [name for name in WITHOUT_DEPENDENCIES if not find_spec(name)]
    commands = []
    if requirements:
        quoted = ' '.join(f"'{line}'" for line in requirements)
        commands.append(f'pip install {quoted}')
    if bare:
        pins = ' '.join(WITHOUT_DEPENDENCIES[name] for name in bare)
        commands.append(f'pip install --no-deps {pins}')
    if commands:
        names = ', '.join([*map(_name, requirements), *bare])
        raise NotInstalledError(
            f'dfa_mm needs {names}. Run: {" && ".join(commands)}'
        )
    _check_torch(version('torch'))


def _missing_requirements() -> List[str]:
    """Those that the installed package names and that are not installed."""
    try:
        lines = requires('dfa_mm') or []
    except PackageNotFoundError:  # it is used from its folder
        return []
    return [
        line
        for line in lines
        if ';' not in line and not _is_installed(_name(line))
    ]


def _name(requirement: str) -> str:
    return re.match(r'[\w.-]+', requirement).group()


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _check_torch(found: str) -> None:
    if tuple(int(part) for part in found.split('.')[:2]) < SAFE_TORCH:
        raise NotInstalledError(
            f'torch {found} runs code that is hidden in checkpoints. Run: '
            "pip install 'torch>=2.6' torchvision"
        )
