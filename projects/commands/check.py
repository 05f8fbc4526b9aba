"""``dfa convert check``: what is wrong with annotation files."""

import argparse

from dfa_mm.datasets.checking import check_file

FOUND = 1  # exit status


def run(args: argparse.Namespace) -> int:
    problems = 0
    for path in args.files:
        for problem in check_file(path):
            print(problem)
            problems += 1
    files = f'{len(args.files)} files' if len(args.files) > 1 else path
    print(f'{files}: {problems or "no"} problems')
    return FOUND if problems else 0
