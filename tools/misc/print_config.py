#!/usr/bin/env python
"""``dfa config`` from the repository: the same arguments."""

import sys

from projects.commands import run_alone


def main(argv=None) -> int:
    return run_alone('config', argv)


if __name__ == '__main__':
    sys.exit(main())
