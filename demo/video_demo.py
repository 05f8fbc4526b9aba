#!/usr/bin/env python
"""``dfa video`` from the repository: the same arguments."""

import sys

from projects.commands import run_alone


def main(argv=None) -> int:
    return run_alone('video', argv)


if __name__ == '__main__':
    sys.exit(main())
