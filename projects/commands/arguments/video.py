"""Find the garments in every frame of a video, and their landmarks.

    dfa video clip.mp4 [CONFIG CHECKPOINT] --smooth

Writes clip_landmarks.mp4, without sound, in which every garment keeps its
number. Without CONFIG and CHECKPOINT the model that comes with the package is
used.
"""

import argparse

from .common import add_network_arguments, add_video_arguments, check_video

HELP = 'find them in every frame of a video'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('video', help='video file')
    add_network_arguments(parser)
    parser.add_argument(
        '--output', help='mp4 to write (default: VIDEO_landmarks.mp4)'
    )
    add_video_arguments(parser)
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument('--json', help='file to write the garments to')
    parser.add_argument(
        '--csv', help='the same as a table, a landmark of a frame a line'
    )


check = check_video
