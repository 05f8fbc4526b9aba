"""Leeds Sports Pose to COCO files.

    dfa convert lsp LSP_ROOT

LSP_ROOT holds images/im0001.jpg ... im2000.jpg and the joints: joints.mat or
joints_person_centric.mat, lsp-joints-OC.mat or joints_observer_centric.mat,
or both. Writes lsp_{oc,pc}_{train,test}.json for the labels that are there.
"""

import argparse

from .common import add_raw_set

HELP = 'Leeds Sports Pose to COCO files'
BOX_MARGIN = 0.1  # as in lsp_coco.py


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_raw_set(parser, 'LSP_ROOT')
    parser.add_argument(
        '--margin',
        type=float,
        default=BOX_MARGIN,
        help='what the box round the joints is widened by on every side, as a '
        'part of its long side (default: %(default)s)',
    )
