"""FLD's raw lists to COCO files.

    dfa convert fld FLD_ROOT

FLD_ROOT holds Anno/list_landmarks.txt, Anno/list_bbox.txt, optionally
Anno/list_joints.txt, Eval/list_eval_partition.txt and the images in img/ or
Img/img/. Writes fld_{upper,lower,full,all}_{train,val,test}.json.
"""

import argparse

from .common import add_raw_set

HELP = "FLD's raw lists to COCO files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_raw_set(parser, 'FLD_ROOT')
    parser.add_argument(
        '--lenient',
        action='store_true',
        help='leave bad samples out and list them in fld2coco_report.txt',
    )
    parser.add_argument(
        '--allow-outside',
        action='store_true',
        help='also take pictures that names or links outside the folder of '
        'pictures lead to',
    )
