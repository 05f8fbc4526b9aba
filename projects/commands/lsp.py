"""``dfa convert lsp``: Leeds Sports Pose to COCO files."""

import argparse
from pathlib import Path
from typing import Optional

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.datasets.lsp_dataset import CONVENTIONS

from .lsp_coco import LSPConversion, convert
from .lsp_raw import HOW_TO_GET, JOINT_FILES


def run(args: argparse.Namespace) -> None:
    out_dir = args.out_dir or args.root / 'annotations'
    console = Console(stderr=True)
    conversion = convert(
        args.root,
        out_dir,
        check_images=not args.skip_image_check,
        margin=args.margin,
        progress=lambda rows, total: track(
            rows, 'Reading image sizes', total=total, console=console
        ),
    )
    Console().print(count_table(conversion))
    for convention in CONVENTIONS:
        print(source_note(convention, conversion.files.get(convention)))
    print(f'Written to {out_dir}')


def count_table(conversion: LSPConversion) -> Table:
    table = Table(
        title='Leeds Sports Pose by labels and split',
        caption='outside: joints beyond the edges of the image; without '
        'image sizes, beyond the upper and left edge',
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for column in ('labels', 'split'):
        table.add_column(column)
    for column in ('images', 'joints', 'occluded', 'outside', 'in images'):
        table.add_column(column, justify='right')
    for (convention, split), counts in conversion.counts.items():
        share = counts['occluded'] / counts['joints']
        table.add_row(
            CONVENTIONS[convention],
            split,
            str(counts['images']),
            str(counts['joints']),
            f'{counts["occluded"]} ({share:.1%})',
            str(counts['outside']),
            str(counts['images with outside']),
        )
    return table


def source_note(convention: str, path: Optional[Path]) -> str:
    if path is not None:
        return f'{convention}: {CONVENTIONS[convention]} labels of {path}'
    return (
        f'No {CONVENTIONS[convention]} labels: looked for '
        f'{", ".join(JOINT_FILES[convention])}. {HOW_TO_GET[convention]}. '
        'Put the file into LSP_ROOT and run this again.'
    )
