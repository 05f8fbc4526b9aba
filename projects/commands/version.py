"""``dfa version``: what to name in a report; nothing is imported for it."""

import argparse
import platform
from importlib.metadata import PackageNotFoundError, version

from .arguments.version import own_version

STACK = (
    *('mmpose', 'mmengine', 'mmcv', 'mmcv-lite', 'mmdet', 'mmpretrain'),
    *('torch', 'torchvision', 'numpy', 'opencv-python'),
)


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return 'not installed'


def run(args: argparse.Namespace) -> None:
    print(f'dfa_mm {own_version()}')
    print(f'python {platform.python_version()}, {platform.platform()}')
    for package in STACK:
        print(package, installed(package))
