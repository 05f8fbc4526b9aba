"""Worn garments: our labels and your download of Clothing Co-Parsing.

    git clone https://github.com/bearpaw/clothing-co-parsing
    python projects/photos/street2fld.py clothing-co-parsing \\
        data/street_fld --photos data/street
    python tools/dataset_converters/fld2coco.py data/street_fld

Writes 793 crops of 445 photographs, at most 512 pixels long, and their lists
in FLD's raw layout. --photos also writes all photographs at a long side of
448 pixels with their masks and tags, as compose_worn.py and self_label.py
read them. The collection's repository carries Apache-2.0; cite Yang, Luo and
Lin, CVPR 2014. The labels are CC0.
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import track

from projects.photos.ccp import export_collection
from projects.photos.photo_converter import convert_photos, photo_parser
from projects.synthfld.owned_folder import ForeignFilesError


def main(argv=None) -> int:
    parser = photo_parser(__doc__, 'street')
    parser.add_argument(
        '--photos',
        type=Path,
        metavar='DIR',
        help='also write all photographs, masks and tags',
    )
    args = parser.parse_args(argv)
    status = convert_photos(args)
    if status or args.photos is None:
        return status
    console = Console(stderr=True)
    try:
        counts = export_collection(
            args.download,
            args.photos,
            lambda names: track(names, 'Photographs', console=console),
        )
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    print(
        f'{counts["photos"]} photographs, {counts["masks"]} with a mask: '
        f'{args.photos}'
    )
    return 0


if __name__ == '__main__':
    sys.exit(main())
