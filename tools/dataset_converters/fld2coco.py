#!/usr/bin/env python
"""``dfa convert fld`` from the repository: the same arguments."""

import sys

from projects.commands import run_alone


def main(argv=None) -> int:
    return run_alone('fld', argv)


if __name__ == '__main__':
    sys.exit(main())
