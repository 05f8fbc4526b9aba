"""Print the versions of dfa_mm and of what it is built on."""

import argparse
import re
from importlib.util import find_spec
from pathlib import Path

HELP = 'print versions'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def own_version() -> str:
    """Of dfa_mm, which is found but not imported."""
    folder = Path(find_spec('dfa_mm').origin).parent
    return re.search("'(.+)'", (folder / 'version.py').read_text())[1]
