"""The command line that both sets of photographs share."""

import argparse
import sys
from pathlib import Path
from typing import Optional, Sequence

from rich.console import Console
from rich.progress import track

from projects.synthfld.owned_folder import ForeignFilesError

from .photo_labels import PhotoError, rebuild

LABELS = Path(__file__).parent / 'labels'


def photo_parser(doc: str, kind: str) -> argparse.ArgumentParser:
    """Arguments: the download, the folder to write, the labels.

    ``kind`` of photographs: ``flatlay`` or ``street``.
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('download', type=Path, metavar='DOWNLOAD')
    parser.add_argument('out', type=Path, metavar='OUT')
    parser.add_argument(
        '--labels',
        type=Path,
        default=LABELS / kind,
        help='lists and SOURCES.tsv (default: those of the project)',
    )
    parser.add_argument(
        '--allow-missing',
        action='store_true',
        help='leave out pictures that are missing in the download, and '
        'their labels',
    )
    parser.set_defaults(tool=f'{kind}2fld.py')
    return parser


def convert_photos(args: argparse.Namespace) -> int:
    """Write the set.

    Returns:
        int: Exit status: 1 where pictures are missing, 2 where other files
        are in the way.
    """
    console = Console(stderr=True)
    try:
        faults = rebuild(
            args.labels,
            args.download,
            args.out,
            args.tool,
            args.allow_missing,
            lambda photos: track(photos, 'Pictures', console=console),
        )
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (PhotoError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    for source, fault in faults.items():
        print(f'left out, {fault}: {source}')
    print(f'Written to {args.out}; left out: {len(faults)} originals')
    print(f'Next: python tools/dataset_converters/fld2coco.py {args.out}')
    return 0


def run(doc: str, kind: str, argv: Optional[Sequence[str]] = None) -> int:
    return convert_photos(photo_parser(doc, kind).parse_args(argv))
