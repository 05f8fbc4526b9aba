"""``python -m dfa_mm``: the console command ``dfa``."""

import sys
from importlib.metadata import entry_points

NOT_INSTALLED = (
    'error: the command of dfa_mm is not installed; in its folder: '
    'pip install --no-deps .'
)


def main() -> int:
    """Whatever the installed package calls ``dfa``."""
    found = [*entry_points(group='console_scripts', name='dfa')]
    return found[0].load()() if found else sys.exit(NOT_INSTALLED)


if __name__ == '__main__':
    sys.exit(main())
