"""``dfa convert fld``: FLD's raw lists to COCO files."""

import argparse
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.datasets.fld_coco import REPORT, convert
from dfa_mm.datasets.fld_lists import SPLITS
from dfa_mm.datasets.fld_reader import FLDReader
from dfa_mm.structures import CLOTHES_TYPES, VARIATION_TYPES


def run(args: argparse.Namespace) -> None:
    out_dir = args.out_dir or args.root / 'annotations'
    console = Console(stderr=True)
    reader = convert(
        args.root,
        out_dir,
        check_images=not args.skip_image_check,
        lenient=args.lenient,
        allow_outside=args.allow_outside,
        progress=lambda rows, total: track(
            rows, 'Converting', total=total, console=console
        ),
    )
    print_summary(reader, out_dir)


def print_summary(reader: FLDReader, out_dir: Path) -> None:
    Console().print(count_table(reader))
    for note, number in reader.notes.items():
        if number:
            print(f'{note}: {number}')
    for kind, number in reader.problem_kinds.most_common():
        print(f'problems with {kind}: {number}')
    print(f'Written to {out_dir}; left out: {reader.left_out} samples')
    if reader.problem_kinds:
        print(f'Every problem is listed in {out_dir / REPORT}')


def count_table(reader: FLDReader) -> Table:
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
        for row in split_rows(reader, split):
            table.add_row(split, *map(str, row))
        table.add_section()
    return table


def split_rows(reader: FLDReader, split: str):
    """One row per clothes type and one for all of them."""
    total = [0] * len(VARIATION_TYPES)
    for code, name in CLOTHES_TYPES.items():
        numbers = [
            reader.samples[split, code, variation]
            for variation in VARIATION_TYPES
        ]
        total = [a + b for a, b in zip(total, numbers)]
        yield name, *numbers, sum(numbers), ''
    yield 'all', *total, sum(total), reader.partition_counts[split]
