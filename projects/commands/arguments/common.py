"""Arguments that several commands share."""

import argparse
import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Optional

CLOTHES_TYPES = ('upper', 'lower', 'full')
LAUNCHERS = ('none', 'pytorch', 'slurm', 'mpi')


class Parser(argparse.ArgumentParser):
    """Tells of a mistake in one line, with what is nearest to it."""

    def error(self, message: str):
        self.exit(
            2, f'error: {message}{self._near(message)}; see {self.prog} -h\n'
        )

    def _near(self, message: str) -> str:
        found = re.search(r"arguments: (-[^\s=]+)|choice: '([^']+)'", message)
        if found is None:
            return ''
        if os.path.exists(found[1] or ''):
            return f'; the file is named ./{found[1]}'
        known = [*self._option_string_actions]
        for action in self._actions:
            known += map(str, action.choices or ())
        near = get_close_matches(found[1] or found[2], known, n=1)
        return f'; is it {near[0]}?' if near else ''


def make_parser(
    description: str, prog: Optional[str] = None
) -> argparse.ArgumentParser:
    return Parser(
        prog=prog,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_network_arguments(
    parser: argparse.ArgumentParser, device: str = '--device'
) -> None:
    """CONFIG CHECKPOINT, and where and how the model runs."""
    parser.add_argument(
        'config',
        nargs='?',
        help='config file; it is Python code and is run: read one that is '
        "somebody else's (default: the shipped model)",
    )
    parser.add_argument('checkpoint', nargs='?', help='its checkpoint file')
    add_device_arguments(parser, device)


def add_device_arguments(
    parser: argparse.ArgumentParser, device: str = '--device'
) -> None:
    """Where and how the model runs."""
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
    add_threads(parser)


def add_threads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--threads',
        type=threads,
        metavar='N',
        help='threads that compute (default: as OMP_NUM_THREADS says, or as '
        'many as cores are free)',
    )


def a_path(text: str) -> str:
    """Of a shell's variable that is not set nothing is left."""
    if not text:
        raise argparse.ArgumentTypeError('it is empty, expected a path')
    return text


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f'{number}, expected 1 or more')
    return number


def threads(text: str) -> int:
    """No more than the machine has: they would stand in each other's way."""
    number, most = positive(text), os.cpu_count() or 1
    if number > most:
        raise argparse.ArgumentTypeError(
            f'{number}, but this machine has {most} cores'
        )
    return number


def check_network(
    args: argparse.Namespace, parser: argparse.ArgumentParser
) -> None:
    if args.config is not None and args.checkpoint is None:
        parser.error('give both CONFIG and CHECKPOINT, or neither')


def check_garments(
    args: argparse.Namespace, parser: argparse.ArgumentParser
) -> None:
    threshold = args.score_thr
    if threshold is not None and not 0 <= threshold <= 1:
        parser.error(f'--score-thr is {threshold}, expected 0 to 1')


def add_raw_set(parser: argparse.ArgumentParser, root: str) -> None:
    """A folder of raw labels and pictures, and where its COCO files go."""
    parser.add_argument('root', type=Path, metavar=root)
    parser.add_argument(
        '--out-dir', type=Path, help=f'default: {root}/annotations'
    )
    parser.add_argument(
        '--skip-image-check',
        action='store_true',
        help='open no image; the files then lack widths and heights',
    )


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--overwrite',
        action='store_true',
        help='replace results that exist already (default: refuse)',
    )


def add_garment_arguments(parser: argparse.ArgumentParser) -> None:
    """Which garments of the picture."""
    parser.add_argument(
        '--box',
        type=float,
        nargs=4,
        action='append',
        dest='boxes',
        default=[],
        metavar=('X1', 'Y1', 'X2', 'Y2'),
        help='a garment, in pixels; may be given several times (default: '
        'all garments that are found)',
    )
    parser.add_argument(
        '--whole',
        action='store_true',
        help='one garment fills the picture',
    )
    parser.add_argument(
        '--clothes-type',
        choices=CLOTHES_TYPES,
        help='find such garments only; with --box or --whole, what the '
        'garment there is',
    )
    parser.add_argument(
        '--score-thr',
        type=float,
        metavar='SCORE',
        help='how sure it must be that something is a garment, from 0 to 1 '
        "(default: the detector's)",
    )


def add_video_arguments(parser: argparse.ArgumentParser) -> None:
    """Which garments of a film, and how they are followed."""
    add_garment_arguments(parser)
    parser.add_argument(
        '--closer-look',
        action='store_true',
        help='with --whole, look again at where the garment was found: '
        'better, but half as fast',
    )
    parser.add_argument(
        '--smooth',
        action='store_true',
        help='let landmarks and states follow the frames calmly',
    )
    parser.add_argument(
        '--detect-every',
        type=int,
        default=1,
        metavar='N',
        help='detect garments in every Nth frame only: a little faster, less '
        'steady (default: %(default)s)',
    )
    add_overwrite(parser)
    parser.add_argument(
        '--max-frames', type=int, help='stop after so many frames'
    )


def check_video(
    args: argparse.Namespace, parser: argparse.ArgumentParser
) -> None:
    check_network(args, parser)
    check_garments(args, parser)
    for option in ('max_frames', 'detect_every'):
        value = getattr(args, option)
        if value is not None and value < 1:
            name = option.replace('_', '-')
            parser.error(f'--{name} is {value}, expected 1 or more')


def add_config_options(
    parser: argparse.ArgumentParser, scope: str = ''
) -> None:
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action='extend',
        default=[],
        metavar='KEY=VALUE',
        help=f'override settings{scope}, as key=value (lists as "[a,b]"); '
        '+key=value sets one that the config does not know',
    )


def check_config_options(
    args: argparse.Namespace, parser: argparse.ArgumentParser
) -> None:
    for option in args.cfg_options:
        key, sign, _ = option.lstrip('+').partition('=')
        if not (key and sign):
            parser.error(f'--cfg-options {option}: expected KEY=VALUE')


def add_launcher(parser: argparse.ArgumentParser) -> None:
    """As torchrun and MMEngine's launchers call a training."""
    add_threads(parser)
    parser.add_argument('--launcher', choices=LAUNCHERS, default='none')
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)


def tell_rank(args: argparse.Namespace) -> None:
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
