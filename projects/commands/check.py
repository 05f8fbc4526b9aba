"""``dfa convert check``: what is wrong with annotation files."""

import argparse

from dfa_mm.datasets.checking import check_file

FOUND = 1  # exit status


def run(args: argparse.Namespace) -> int:
    problems = 0
    for path in args.files:
        report = check_file(
            path,
            args.images,
            check_pictures=not args.skip_image_check,
            allow_outside=args.allow_outside,
        )
        for line in list(report) if args.all else report.first():
            print(line)
        kinds = ''.join(
            f', {number} of {kind}' for kind, number in report.counts().items()
        )
        print(
            f'{path}: {len(report) or "no"} problem{"s" * (len(report) != 1)}'
            f'{kinds}; {report.good} samples are good, {report.left_out} '
            'would be left out'
        )
        problems += len(report)
    return FOUND if problems else 0
