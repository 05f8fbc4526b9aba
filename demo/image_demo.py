#!/usr/bin/env python
"""``dfa predict`` from the repository: the same arguments."""

import sys

from projects.commands import run_alone


def main(argv=None) -> int:
    return run_alone('predict', argv)


if __name__ == '__main__':
    sys.exit(main())
