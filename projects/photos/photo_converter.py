"""The command line that the sets of photographs share."""

import argparse
import sys
from pathlib import Path
from typing import Callable, Dict, Optional, Sequence

from rich.console import Console
from rich.progress import track

from projects.synthfld.owned_folder import ForeignFilesError

from .ccp import export_collection
from .sources import LABELS

# that of photo_labels.py or street_labels.py
Rebuild = Callable[..., Dict[str, str]]


def photo_parser(doc: str) -> argparse.ArgumentParser:
    """Arguments: the download, the folder to write, the labels."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('download', type=Path, metavar='DOWNLOAD')
    parser.add_argument('out', type=Path, metavar='OUT')
    parser.add_argument(
        '--labels',
        type=Path,
        help='lists and SOURCES.tsv (default: those of the project)',
    )
    parser.add_argument(
        '--allow-missing',
        action='store_true',
        help='leave out pictures that are missing in the download, and '
        'their labels',
    )
    return parser


def run_street(
    doc: str,
    labels: str,
    tool: str,
    rebuild: Rebuild,
    argv: Optional[Sequence[str]] = None,
) -> int:
    """A command for Clothing Co-Parsing, with ``--photos``."""
    parser = photo_parser(doc)
    parser.add_argument(
        '--photos',
        type=Path,
        metavar='DIR',
        help='also write all photographs, masks and tags',
    )
    args = parser.parse_args(argv)
    args.labels = args.labels or LABELS / labels
    status = convert_photos(args, tool, rebuild)
    if status or args.photos is None:
        return status
    return _status(lambda: _export(args.download, args.photos))


def convert_photos(
    args: argparse.Namespace, tool: str, rebuild: Rebuild
) -> int:
    """Write the set by ``rebuild`` of its layout.

    Returns:
        int: Exit status: 1 where pictures are missing, 2 where other files
        are in the way.
    """
    return _status(lambda: _convert(args, tool, rebuild))


def _status(work: Callable[[], None]) -> int:
    try:
        work()
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    return 0


def _convert(args, tool: str, rebuild) -> None:
    faults = rebuild(
        args.labels, args.download, args.out, tool, args.allow_missing, _track
    )
    for source, fault in faults.items():
        print(f'left out, {fault}: {source}')
    print(f'Written to {args.out}; left out: {len(faults)} originals')
    if tool.endswith('2fld.py'):
        print(f'Next: python tools/dataset_converters/fld2coco.py {args.out}')


def _export(download: Path, photos: Path) -> None:
    counts = export_collection(
        download, photos, lambda names: _track(names, 'Photographs')
    )
    print(
        f'{counts["photos"]} photographs, {counts["masks"]} with a mask: '
        f'{photos}'
    )


def _track(what, description: str):
    return track(what, description, console=Console(stderr=True))
