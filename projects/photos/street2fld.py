"""Worn garments: our labels and your download of Clothing Co-Parsing.

    git clone https://github.com/bearpaw/clothing-co-parsing
    python projects/photos/street2fld.py clothing-co-parsing \\
        data/street_fld --photos data/street
    python tools/dataset_converters/fld2coco.py data/street_fld

Writes 793 crops of 445 photographs, at most 512 pixels long, and their lists
in FLD's raw layout: the older half of what street2coco.py writes, cut out.
--photos also writes all photographs at a long side of 448 pixels with their
masks and tags, as compose_worn.py and self_label.py read them. The
collection's repository carries Apache-2.0; cite Yang, Luo and Lin, CVPR 2014.
The labels are CC0.
"""

import sys

from projects.photos.photo_converter import run_street
from projects.photos.photo_labels import rebuild


def main(argv=None) -> int:
    return run_street(__doc__, 'street', 'street2fld.py', rebuild, argv)


if __name__ == '__main__':
    sys.exit(main())
