"""The command line that both sets of photographs share."""

import argparse
import sys
from pathlib import Path
from typing import Optional, Sequence

from rich.console import Console
from rich.progress import track

from .photo_labels import PhotoError, rebuild

_LABELS = Path(__file__).resolve().parents[2] / 'projects/photos/labels'


def photo_parser(doc: str, labels: str) -> argparse.ArgumentParser:
    """Arguments: the download, the folder to write, the labels."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('download', type=Path, metavar='DOWNLOAD')
    parser.add_argument('out', type=Path, metavar='OUT')
    parser.add_argument(
        '--labels',
        type=Path,
        default=_LABELS / labels,
        help='lists and SOURCES.tsv (default: those of the project)',
    )
    parser.add_argument(
        '--allow-missing',
        action='store_true',
        help='leave out pictures that are missing in the download, and '
        'their labels',
    )
    return parser


def convert_photos(args: argparse.Namespace) -> int:
    """Write the set; 1 and a message where that cannot be done."""
    console = Console(stderr=True)
    try:
        faults = rebuild(
            args.labels,
            args.download,
            args.out,
            args.allow_missing,
            lambda photos: track(photos, 'Pictures', console=console),
        )
    except (PhotoError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    for source, fault in faults.items():
        print(f'left out, {fault}: {source}')
    print(f'Written to {args.out}; left out: {len(faults)} originals')
    print(f'Next: python tools/dataset_converters/fld2coco.py {args.out}')
    return 0


def run(doc: str, labels: str, argv: Optional[Sequence[str]] = None) -> int:
    return convert_photos(photo_parser(doc, labels).parse_args(argv))
