#!/usr/bin/env python
"""``dfa web`` from the repository: the same arguments."""

import sys

from projects.commands import run_alone


def main(argv=None) -> int:
    return run_alone('web', argv)


if __name__ == '__main__':
    sys.exit(main())
