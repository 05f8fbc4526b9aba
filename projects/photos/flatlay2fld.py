"""Garments lying flat: our labels and your download of the photographs.

    git clone https://github.com/alexeygrigorev/clothing-dataset-small
    python projects/photos/flatlay2fld.py clothing-dataset-small \\
        data/flatlay_fld
    python tools/dataset_converters/fld2coco.py data/flatlay_fld

    git clone https://github.com/alexeygrigorev/clothing-dataset
    python projects/photos/flatlay2fld.py clothing-dataset \\
        data/flatlay2_fld --set flatlay2
    python tools/dataset_converters/fld2coco.py data/flatlay2_fld

Writes 1380 pictures with a long side of 512 pixels, or 231 of other classes
with a short side of 400, and their lists in FLD's raw layout, with who sent
them (SENDERS.tsv). The photographs are CC0, and so are the labels.
"""

import sys

from projects.photos.photo_converter import convert_photos, photo_parser
from projects.photos.photo_labels import rebuild
from projects.photos.sources import LABELS


def main(argv=None) -> int:
    parser = photo_parser(__doc__)
    parser.add_argument(
        '--set',
        choices=('flatlay', 'flatlay2'),
        default='flatlay',
        help='which labels of the project (default: flatlay)',
    )
    args = parser.parse_args(argv)
    args.labels = args.labels or LABELS / args.set
    return convert_photos(args, 'flatlay2fld.py', rebuild)


if __name__ == '__main__':
    sys.exit(main())
