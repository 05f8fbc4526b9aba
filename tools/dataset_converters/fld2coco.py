"""FLD's raw lists to COCO files.

    python tools/dataset_converters/fld2coco.py FLD_ROOT

FLD_ROOT holds Anno/list_landmarks.txt, Anno/list_bbox.txt, optionally
Anno/list_joints.txt, Eval/list_eval_partition.txt and the images in img/ or
Img/img/. Writes fld_{upper,lower,full,all}_{train,val,test}.json.
"""

import argparse
import sys
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.datasets.coco_writer import ForeignFilesError
from dfa_mm.datasets.fld_coco import REPORT, Conversion, convert
from dfa_mm.datasets.fld_raw import SPLITS
from dfa_mm.datasets.raw_list import RawListError
from dfa_mm.structures import CLOTHES_TYPES, VARIATION_TYPES


def parse_args(argv=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('root', type=Path, metavar='FLD_ROOT')
    parser.add_argument(
        '--out-dir', type=Path, help='default: FLD_ROOT/annotations'
    )
    parser.add_argument(
        '--skip-image-check',
        action='store_true',
        help='open no image; the files then lack widths and heights',
    )
    parser.add_argument(
        '--lenient',
        action='store_true',
        help=f'leave bad samples out and list them in {REPORT}',
    )
    return parser.parse_args(argv)


def main(argv=None) -> int:
    args = parse_args(argv)
    out_dir = args.out_dir or args.root / 'annotations'
    console = Console(stderr=True)
    try:
        conversion = convert(
            args.root,
            out_dir,
            check_images=not args.skip_image_check,
            lenient=args.lenient,
            progress=lambda rows, total: track(
                rows, 'Converting', total=total, console=console
            ),
        )
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (RawListError, OSError) as error:
        print(f'error: {error}\nNothing was written.', file=sys.stderr)
        return 1
    print_summary(conversion, out_dir)
    return 0


def print_summary(conversion: Conversion, out_dir: Path) -> None:
    Console().print(count_table(conversion))
    for note, number in conversion.notes.items():
        if number:
            print(f'{note}: {number}')
    for kind, number in conversion.problems.most_common():
        print(f'problems with {kind}: {number}')
    print(f'Written to {out_dir}; left out: {conversion.left_out} samples')
    if conversion.problems:
        print(f'Every problem is listed in {out_dir / REPORT}')


def count_table(conversion: Conversion) -> Table:
    table = Table(
        title='Samples by split, clothes type and variation type',
        caption='listed: rows of the partition file',
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column('split')
    table.add_column('type')
    for column in (*VARIATION_TYPES.values(), 'all', 'listed'):
        table.add_column(column, justify='right')
    for split in SPLITS:
        for row in split_rows(conversion, split):
            table.add_row(split, *map(str, row))
        table.add_section()
    return table


def split_rows(conversion: Conversion, split: str):
    """One row per clothes type and one for all of them."""
    total = [0] * len(VARIATION_TYPES)
    for code, name in CLOTHES_TYPES.items():
        numbers = [
            conversion.samples[split, code, variation]
            for variation in VARIATION_TYPES
        ]
        total = [a + b for a, b in zip(total, numbers)]
        yield name, *numbers, sum(numbers), ''
    yield 'all', *total, sum(total), conversion.partition[split]


if __name__ == '__main__':
    sys.exit(main())
