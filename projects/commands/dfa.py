"""The console command: which subcommand is meant, and running it."""

import argparse
import os
import signal
import sys
from importlib import import_module
from types import ModuleType
from typing import Callable, List, NamedTuple, Optional, Sequence

from .arguments import common
from .arguments.version import own_version

# By their group; arguments/NAME.py reads a command's arguments, NAME.py does
# its work.
GROUPS = {'convert': ('fld', 'lsp', 'synth', 'check')}
COMMANDS = (
    *('predict', 'video', 'webcam', 'web', 'train', 'test'),
    *('convert', 'browse', 'config', 'publish', 'version'),
)
# what OpenCV's libraries print beside the errors that are told
QUIET = dict(OPENCV_LOG_LEVEL='SILENT', OPENCV_FFMPEG_LOGLEVEL='-8')
MISTAKEN, UNPRINTED = 2, 1
STOPPED = 128 + signal.SIGINT  # as shells have it
END_OF_OPTIONS = '--'
DESCRIPTION = """\
Fashion landmarks: find them in pictures and videos, train and test models.

    dfa predict street.jpg
    dfa COMMAND --help       what a command can do
"""


class Call(NamedTuple):
    """A command that was named, and what followed its name."""

    name: str
    prog: str
    argv: List[str]


def main(argv: Optional[Sequence[str]] = None) -> int:
    """``dfa COMMAND ...``; the exit status."""
    if '_ARGCOMPLETE' in os.environ:  # a shell asks what may follow
        complete()
    argv = list(sys.argv[1:] if argv is None else argv)
    call = named_command(argv)
    if call is None:  # help, or what is wrong
        return status_of(lambda: make_parser().parse_args(argv))
    return run_alone(call.name, call.argv, call.prog)


def named_command(argv: Sequence[str]) -> Optional[Call]:
    """``None`` where the arguments name no command that can be run.

    The command's own parser reads the rest: unlike one with subcommands it
    takes options and files in any order.
    """
    name, *rest = argv or ['']
    if name not in COMMANDS:
        return None
    if name not in GROUPS:
        return Call(name, f'dfa {name}', rest)
    if rest and rest[0] in GROUPS[name]:
        return Call(rest[0], f'dfa {name} {rest[0]}', rest[1:])
    return None


def run_alone(
    name: str,
    argv: Optional[Sequence[str]] = None,
    prog: Optional[str] = None,
) -> int:
    """One command, as a script of its own is; the exit status."""
    return status_of(lambda: run(name, read(name, argv, prog)))


def status_of(work: Callable[[], int]) -> int:
    """Of work that prints; also where that cannot be printed."""
    open_closed_streams()
    status = 0
    try:
        try:
            status = work()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `dfa version | head -1`: nobody reads on
        print_no_more()
        return UNPRINTED
    except KeyboardInterrupt:  # while libraries are imported
        print('stopped', file=sys.stderr)
        return STOPPED
    except OSError as error:
        print_no_more()
        if not status:  # else it has been told
            told = error.filename or 'standard output'
            print(f'error: {told}: {error.strerror}', file=sys.stderr)
        return status or MISTAKEN
    return status


def open_closed_streams() -> None:
    """Or the next file would get a closed one's number, and what it prints.

    Lowest first: a file that is opened gets the lowest number that is free.
    """
    for name, mode in dict(stdin='r', stdout='w', stderr='w').items():
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115


def print_no_more() -> None:
    """What is left would be tried again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read(
    name: str,
    argv: Optional[Sequence[str]] = None,
    prog: Optional[str] = None,
) -> argparse.Namespace:
    """A command's arguments; nothing heavy is imported."""
    module = arguments_of(name)
    parser = common.make_parser(module.__doc__, prog)
    module.add_arguments(parser)
    args = parser.parse_intermixed_args(without_end_of_options(argv))
    if hasattr(module, 'check'):
        module.check(args, parser)
    return args


def without_end_of_options(argv: Optional[Sequence[str]]) -> List[str]:
    """``-- -a.jpg`` as ``./-a.jpg``: intermixed parsing drops the ``--``."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if END_OF_OPTIONS not in argv:
        return argv
    end = argv.index(END_OF_OPTIONS)
    files = (
        os.path.join('.', word) if word[:1] == '-' != word else word
        for word in argv[end + 1 :]
    )
    return [*argv[:end], *files]


def run(name: str, args: argparse.Namespace) -> int:
    """Do a command's work, and import what it needs only now."""
    if name == 'version':
        body_of(name).run(args)
        return 0
    try:
        os.getcwd()  # torch would end the process
    except FileNotFoundError:
        print('error: the current folder is gone: cd to one', file=sys.stderr)
        return MISTAKEN
    for variable, quiet in QUIET.items():
        os.environ.setdefault(variable, quiet)
    try:
        body_of('threads')  # it measures while the libraries are imported
        errors = body_of('errors')
    except ImportError as error:
        if error.name != 'dfa_mm':
            raise
        # it could not be imported, and so neither can its error's class
        print(f'error: {error}', file=sys.stderr)
        return MISTAKEN
    return errors.exit_status(lambda: body_of(name).run(args))


def arguments_of(name: str) -> ModuleType:
    return import_module(f'{__package__}.arguments.{name}')


def body_of(name: str) -> ModuleType:
    return import_module(f'{__package__}.{name}')


def complete() -> None:
    """Print what may follow on the command line, and end."""
    import argcomplete

    argcomplete.autocomplete(make_parser())


def make_parser() -> argparse.ArgumentParser:
    """Of all commands, for --help, mistakes and shells that complete."""
    parser = common.make_parser(DESCRIPTION, prog='dfa')
    parser.add_argument('--version', action='version', version=own_version())
    add_commands(parser, COMMANDS)
    return parser


def add_commands(parser: argparse.ArgumentParser, names: Sequence) -> None:
    commands = parser.add_subparsers(metavar='COMMAND', required=True)
    for name in names:
        module = arguments_of(name)
        made = commands.add_parser(
            name,
            help=module.HELP,
            description=module.__doc__,
            formatter_class=parser.formatter_class,
        )
        if name in GROUPS:
            add_commands(made, GROUPS[name])
        else:
            module.add_arguments(made)
