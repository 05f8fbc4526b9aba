"""Find the garments in front of a camera, and their landmarks.

    dfa webcam [CONFIG CHECKPOINT] --device 0

--device is the camera's number or, in its place, a video file, which is
played at its own speed. The picture is always the newest one: frames that
come while the model is busy are dropped. Every garment keeps its number while
it is seen. q ends. Without CONFIG and CHECKPOINT the model that comes with
the package is used.
"""

import argparse

from .common import add_network_arguments, add_video_arguments, check_video

HELP = 'find them in front of a camera'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_network_arguments(parser, device='--model-device')
    parser.add_argument(
        '--device',
        default='0',
        dest='source',
        metavar='CAMERA',
        help='number of the camera, or a video file (default: 0)',
    )
    add_video_arguments(parser)
    parser.add_argument('--output', help='mp4 to write what is shown to')
    parser.add_argument(
        '--no-window', action='store_true', help='only write --output'
    )


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    check_video(args, parser)
    if args.no_window and not args.output:
        parser.error('--no-window shows nothing: give --output as well')
