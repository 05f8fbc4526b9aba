"""What the demos' command lines share."""

import argparse
import os
import sys
from typing import Callable, Optional, Sequence

import mmcv
import numpy as np
from mmengine.structures import InstanceData
from smoothing import LandmarkSmoother
from torch import nn

from dfa_mm.apis import (
    InputError,
    choose_device,
    complete,
    default_model_files,
    find_landmarks,
    hidden_slots,
    load_model,
)
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.structures import CLOTHES_TYPES
from dfa_mm.visualization import draw_prediction, draw_stages


def make_parser(description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_model_arguments(
    parser: argparse.ArgumentParser,
    device: str = '--device',
    closer_look: bool = True,
) -> None:
    """CONFIG CHECKPOINT, the model's device and what it is asked."""
    parser.add_argument(
        '--box',
        type=float,
        nargs=4,
        metavar=('X1', 'Y1', 'X2', 'Y2'),
        help='the garment, in pixels (default: the whole picture)',
    )
    parser.add_argument(
        '--clothes-type',
        choices=list(CLOTHES_TYPES.values()),
        help='hide the landmarks that such a garment does not have',
    )
    parser.add_argument(
        '--closer-look',
        action=argparse.BooleanOptionalAction,
        default=closer_look,
        help='without --box, look again at where the garment was found: '
        'better, but half as fast (default: %(default)s)',
    )
    add_network_arguments(parser, device)


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


def add_video_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--smooth',
        action='store_true',
        help='let landmarks and states follow the frames calmly',
    )
    parser.add_argument(
        '--max-frames', type=int, help='stop after so many frames'
    )


def check_max_frames(args: argparse.Namespace) -> None:
    if args.max_frames is not None and args.max_frames < 1:
        raise InputError(f'--max-frames is {args.max_frames}, at least 1')


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


class GarmentFinder:
    """The garment of a picture, or of one frame after the other.

    Args:
        args (argparse.Namespace): With ``box``, ``clothes_type``,
            ``closer_look``, perhaps ``smooth`` and ``stages``.
        model (nn.Module): From :func:`model_from`.

    Raises:
        InputError: If the model does not know the clothes type.
    """

    def __init__(self, args: argparse.Namespace, model: nn.Module) -> None:
        self.args = args
        self.model = model
        self.meta = model.dataset_meta
        self.hidden = hidden_slots(self.meta, args.clothes_type)
        smooth = getattr(args, 'smooth', False)
        self.smoother = LandmarkSmoother() if smooth else None

    def __call__(
        self, image: np.ndarray, name: str, seconds: float = 0.0
    ) -> InstanceData:
        """:func:`find_landmarks`, smoothed if asked for.

        Args:
            image (np.ndarray): (H, W, 3) BGR uint8.
            name (str): What to call it in an error.
            seconds (float): When the frame was taken.

        Raises:
            InputError: If the box covers nothing of the picture.
        """
        pred = find_landmarks(
            self.model,
            image,
            self.args.box,
            self.args.clothes_type,
            self.args.closer_look,
            name,
        )
        if self.smoother is None:
            return pred
        return complete(self.smoother(pred, seconds), self.hidden)

    def draw(
        self, image: np.ndarray, pred: InstanceData, panel_size: int = 480
    ) -> np.ndarray:
        """The picture of what was found; both BGR.

        Args:
            panel_size (int): Long side of a stage's panel, in pixels.
        """
        image, given = mmcv.bgr2rgb(image), self.args.box is not None
        if getattr(self.args, 'stages', False):
            box = pred.bboxes[0] if given else None
            drawn = draw_stages(image, pred, self.meta, box, panel_size)
        else:
            drawn = draw_prediction(image, pred, self.meta, show_box=given)
        return mmcv.rgb2bgr(drawn)


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
