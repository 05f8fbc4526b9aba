"""Make a checkpoint fit to be given away.

    dfa publish work_dirs/x/epoch_12.pth models/x.pth

writes models/x-1a2b3c4d_20261124.pth: the first 8 digits of its SHA-256 and
the date. It holds the weights and buffers of the whole cascade (cluster
centres, routing threshold) and plain metadata: the config as text, the
version of dfa_mm, the landmarks, the classes. The optimizer, the training's
history and the raw weights beside those of a moving average (EMAHook) are
left out; what its training was (dfa_mm.engine.identity) names no folder. It
loads under torch.load(weights_only=True), with or without
dfa_mm, and with MMPose's init_model.
"""

import argparse
from pathlib import Path

HELP = 'make a checkpoint fit to be given away'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('checkpoint', type=Path, metavar='IN')
    parser.add_argument(
        'out', type=Path, metavar='OUT', help='hash and date are added to it'
    )
    parser.add_argument(
        '--half',
        action='store_true',
        help='store the weights in float16: half the size; models load them '
        'back into float32',
    )
    parser.add_argument(
        '--overwrite',
        action='store_true',
        help='replace a file of that name, hash and date',
    )
