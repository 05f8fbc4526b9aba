#!/usr/bin/env python
"""``dfa publish`` from the repository: the same arguments."""

import sys

from projects.commands import run_alone


def main(argv=None) -> int:
    return run_alone('publish', argv)


if __name__ == '__main__':
    sys.exit(main())
