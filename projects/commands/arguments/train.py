"""Train a cascade, all of its stages, or any other MMPose model.

    dfa train configs/dfa_synthfld_stage3.py

Earlier stages are trained first where they are missing; a stage that was
interrupted resumes, a finished one is reused. Ends with a table, results.json
and a picture of the predictions on the test set.
"""

import argparse

from .common import (
    a_path,
    add_config_options,
    add_launcher,
    check_config_options,
    tell_rank,
)

HELP = 'train all stages of a cascade, or another model of MMPose'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('config', help='config of the cascade')
    parser.add_argument(
        '--stage',
        type=int,
        help='last stage to train (default: the last of the config)',
    )
    parser.add_argument(
        '--work-dir',
        type=a_path,
        help="folder for the cascade's logs and checkpoints; earlier stages "
        'lie beside it if it is called ...stageN, in it otherwise',
    )
    parser.add_argument(
        '--resume',
        type=a_path,
        nargs='?',
        metavar='CHECKPOINT',
        const=None,
        help='resume the last stage from this checkpoint of the same run; '
        'without one, or without the option, from the latest in its folder '
        'if there is one',
    )
    parser.add_argument(
        '--amp',
        action='store_true',
        help='train in mixed precision, without CUDA in bfloat16',
    )
    parser.add_argument(
        '--no-validate',
        action='store_true',
        help='do not evaluate during training',
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate by the batch size on all devices over '
        "the config's auto_scale_lr.base_batch_size",
    )
    parser.add_argument(
        '--verbose',
        action='store_true',
        help="print MMEngine's log, settings and machine included, in place "
        'of the progress; the log file holds it always',
    )
    add_config_options(parser, ', for every stage trained by this call')
    add_launcher(parser)


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    check_config_options(args, parser)
    tell_rank(args)
