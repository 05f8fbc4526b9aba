"""Whole street photographs: our labels and your Clothing Co-Parsing.

    git clone https://github.com/bearpaw/clothing-co-parsing
    python projects/photos/street2coco.py clothing-co-parsing \\
        data/street_photos --photos data/street

Writes 929 photographs (img) and their 1671 garments as COCO files like those
of fld2coco.py, but with several garments in a photograph. The garments of
street_fld (see street2fld.py) are among them: use one set or the other.
--photos also writes all photographs at a long side of 448 pixels with their
masks and tags, as the garment detector, compose_worn.py and self_label.py
read them. The collection's repository carries Apache-2.0; cite Yang, Luo and
Lin, CVPR 2014. The labels are CC0.
"""

import sys

from projects.photos.photo_converter import run_street
from projects.photos.street_labels import rebuild


def main(argv=None) -> int:
    labels, tool = 'street_photos', 'street2coco.py'
    return run_street(__doc__, labels, tool, rebuild, argv)


if __name__ == '__main__':
    sys.exit(main())
