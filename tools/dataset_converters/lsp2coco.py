"""Leeds Sports Pose to COCO files.

    python tools/dataset_converters/lsp2coco.py LSP_ROOT

LSP_ROOT holds images/im0001.jpg ... im2000.jpg and the joints: joints.mat or
joints_person_centric.mat, lsp-joints-OC.mat or joints_observer_centric.mat,
or both. Writes lsp_{oc,pc}_{train,test}.json for the labels that are there.
"""

import argparse
import sys
from pathlib import Path
from typing import Optional

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.datasets.coco_writer import ForeignFilesError
from dfa_mm.datasets.lsp_coco import BOX_MARGIN, LSPConversion, convert
from dfa_mm.datasets.lsp_raw import (
    CONVENTIONS,
    HOW_TO_GET,
    JOINT_FILES,
    LSPError,
)


def parse_args(argv=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('root', type=Path, metavar='LSP_ROOT')
    parser.add_argument(
        '--out-dir', type=Path, help='default: LSP_ROOT/annotations'
    )
    parser.add_argument(
        '--skip-image-check',
        action='store_true',
        help='open no image; the files then lack widths and heights',
    )
    parser.add_argument(
        '--margin',
        type=float,
        default=BOX_MARGIN,
        help='what the box round the joints is widened by on every side, as a '
        'part of its long side (default: %(default)s)',
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
            margin=args.margin,
            progress=lambda rows, total: track(
                rows, 'Reading image sizes', total=total, console=console
            ),
        )
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (LSPError, OSError) as error:
        print(f'error: {error}\nNothing was written.', file=sys.stderr)
        return 1
    Console().print(count_table(conversion))
    for convention in CONVENTIONS:
        print(source_note(convention, conversion.files.get(convention)))
    print(f'Written to {out_dir}')
    return 0


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


if __name__ == '__main__':
    sys.exit(main())
