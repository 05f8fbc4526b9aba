"""Garments lying flat: our labels and your download of the photographs.

    git clone https://github.com/alexeygrigorev/clothing-dataset-small
    python projects/photos/flatlay2fld.py clothing-dataset-small \\
        data/flatlay_fld
    python tools/dataset_converters/fld2coco.py data/flatlay_fld

Writes 1380 pictures with a long side of 512 pixels and their lists in FLD's
raw layout. The photographs are CC0, and so are the labels.
"""

import sys

from projects.photos.photo_converter import run

if __name__ == '__main__':
    sys.exit(run(__doc__, 'flatlay'))
