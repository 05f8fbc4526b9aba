"""Composes pictures of worn garments out of labelled photographs.

Garments are cut out of flat photographs and out of street photographs, bent
together with their landmarks, given other cloths, lights and places, hidden
in parts and cropped. The result is in FLD's raw layout, all of it for
training; only training pictures of both sets are used.

Example:
    python projects/composites/compose_worn.py data/worn_composites \\
        --flat data/flatlay_fld --street data/street_fld \\
        --photos data/street --num 3000 --contact-sheet sheet.png
    python tools/dataset_converters/fld2coco.py data/worn_composites
"""

import argparse
import sys
import time
from pathlib import Path

import cv2

SHEET = 48


def parse_args(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('out', type=Path, help='folder to write')
    parser.add_argument(
        '--flat', type=Path, default=Path('data/flatlay_fld'),
        help='garments lying flat, FLD layout (default: %(default)s)',
    )  # fmt: skip
    parser.add_argument(
        '--street', type=Path, default=Path('data/street_fld'),
        help='worn garments, FLD layout and SOURCES.tsv '
        '(default: %(default)s)',
    )  # fmt: skip
    parser.add_argument(
        '--photos', type=Path, default=Path('data/street'),
        help='street photographs: photos/, masks/, labels.txt '
        '(default: %(default)s)',
    )  # fmt: skip
    parser.add_argument('--num', type=int, default=3000, help='pictures')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--size', type=int, default=320, help='long side, px')
    parser.add_argument('--workers', type=int, default=2, help='processes')
    parser.add_argument(
        '--cut-outs', type=Path,
        help='where cut-outs are kept from run to run '
        '(default: OUT/cutouts)',
    )  # fmt: skip
    parser.add_argument(
        '--contact-sheet', type=Path, metavar='PNG',
        help=f'draw the first {SHEET} pictures with their labels',
    )  # fmt: skip
    parser.add_argument(
        '--overwrite', action='store_true',
        help='replace what an earlier run wrote there, and nothing else',
    )  # fmt: skip
    args = parser.parse_args(argv)
    if not 1 <= args.num < 10**8:
        parser.error(f'--num is {args.num}, expected 1 to 99999999')
    if not 64 <= args.size <= 999:
        parser.error(f'--size is {args.size}, expected 64 to 999')
    if args.workers < 1:
        parser.error(f'--workers is {args.workers}, expected at least 1')
    return args


def main(argv=None) -> int:
    args = parse_args(argv)
    # Importing dfa_mm takes seconds; --help should not.
    from projects.composites.write import (
        TOOL,
        load_sources,
        write_composites,
    )
    from projects.synthfld.contact_sheet import contact_sheet
    from projects.synthfld.fld_files import image_names, state_shares
    from projects.synthfld.owned_folder import ForeignFilesError, check_folder

    cut_outs = args.cut_outs or args.out / 'cutouts'
    try:
        names = image_names(args.num)
        check_folder(args.out, TOOL, names, args.overwrite)
        sources = load_sources(
            args.flat, args.street, args.photos, cut_outs, args.workers
        )
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f'error: {error}\nNothing was written.', file=sys.stderr)
        return 1
    print('\n'.join(sources.report))
    start = time.perf_counter()
    samples, failures = write_composites(
        sources, args.out, args.num, args.seed, args.size, args.workers,
        keep=SHEET, overwrite=args.overwrite,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    if args.contact_sheet:
        sheet = contact_sheet(samples[:SHEET])
        cv2.imwrite(str(args.contact_sheet), sheet)
    rate = args.num / seconds
    print(f'{args.num} pictures in {seconds:.0f} s ({rate:.1f}/s): {args.out}')
    for reason, count in failures.most_common():
        print(f'drawn again, {reason}: {count}')
    print(state_shares(samples))
    return 0


if __name__ == '__main__':
    sys.exit(main())
