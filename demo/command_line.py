"""What the demos' command lines share."""

import argparse
import os
import sys
from typing import Callable, Optional, Sequence

from torch import nn

from dfa_mm.apis import (
    InputError,
    choose_device,
    default_model_files,
    load_model,
)
from dfa_mm.engine.checkpoints import CheckpointMismatchError


def make_parser(description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_network_arguments(
    parser: argparse.ArgumentParser, device: str = '--device'
) -> None:
    """CONFIG CHECKPOINT, and where and how the model runs."""
    parser.add_argument(
        'config', nargs='?', help='config file (default: the shipped model)'
    )
    parser.add_argument('checkpoint', nargs='?', help='its checkpoint file')
    parser.add_argument(
        '--flip-test',
        action=argparse.BooleanOptionalAction,
        help='look at the mirrored picture too: better, but half as fast '
        '(default: as the config says)',
    )
    parser.add_argument(
        device,
        dest='model_device',
        metavar='DEVICE',
        help='where the model runs (default: cuda:0 if there is one, or cpu)',
    )


def parse(
    parser: argparse.ArgumentParser, argv: Optional[Sequence[str]]
) -> argparse.Namespace:
    """Arguments in any order, also options before CONFIG and CHECKPOINT."""
    args = parser.parse_intermixed_args(argv)
    if args.config is not None and args.checkpoint is None:
        parser.error('give both CONFIG and CHECKPOINT, or neither')
    return args


def model_from(args: argparse.Namespace) -> nn.Module:
    """The model of the command line; sets ``config`` and ``checkpoint``."""
    device = choose_device(args.model_device)
    if args.config is None:
        args.config, args.checkpoint = default_model_files()
    return load_model(args.config, args.checkpoint, device, args.flip_test)


def check_display() -> None:
    """Without one, the window's library would end the whole process.

    Raises:
        InputError: If there is no display.
    """
    names = ('DISPLAY', 'WAYLAND_DISPLAY')
    if sys.platform.startswith('linux') and not any(map(os.getenv, names)):
        raise InputError('there is no display for a window; write a file')


def exit_status(run: Callable[[], Optional[int]]) -> int:
    """Run a command; what the user can put right is told in one line."""
    try:
        return run() or 0
    except (InputError, CheckpointMismatchError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
