"""The console command: which subcommand is meant, and running it."""

import argparse
import os
import sys
from importlib import import_module
from types import ModuleType
from typing import List, NamedTuple, Optional, Sequence

from .arguments import common
from .arguments.version import own_version

# By their group; arguments/NAME.py reads a command's arguments, NAME.py does
# its work.
GROUPS = {'convert': ('fld', 'lsp', 'synth', 'check')}
COMMANDS = (
    *('predict', 'video', 'webcam', 'web', 'train', 'test'),
    *('convert', 'browse', 'config', 'publish', 'version'),
)
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
    if call is None:
        return make_parser().parse_args(argv)  # help, or what is wrong
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
    return run(name, read(name, argv, prog))


def read(
    name: str,
    argv: Optional[Sequence[str]] = None,
    prog: Optional[str] = None,
) -> argparse.Namespace:
    """A command's arguments; nothing heavy is imported."""
    module = arguments_of(name)
    parser = common.make_parser(module.__doc__, prog)
    module.add_arguments(parser)
    args = parser.parse_intermixed_args(argv)
    if hasattr(module, 'check'):
        module.check(args, parser)
    return args


def run(name: str, args: argparse.Namespace) -> int:
    """Do a command's work; the exit status."""
    try:
        status = import_and_run(name, args)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # `dfa version | head -1`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def import_and_run(name: str, args: argparse.Namespace) -> int:
    """Import what the command needs only now."""
    if name == 'version':
        body_of(name).run(args)
        return 0
    try:
        body_of('threads')  # it measures while the libraries are imported
        errors = body_of('errors')
    except ImportError as error:
        if error.name != 'dfa_mm':
            raise
        # it could not be imported, and so neither can its error's class
        print(f'error: {error}', file=sys.stderr)
        return 2
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
