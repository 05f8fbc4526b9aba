"""Where results go: no two to one file, none over a picture.

Nothing here writes; what is wrong is told before the work.
"""

import argparse
import os
import sys
from collections import Counter
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryFile
from typing import Iterable, List, Sequence

from dfa_mm.files import beside
from dfa_mm.names import shown

from .errors import InputError
from .pictures import is_url, picture_name

# a block of a disk, for a full one takes an empty file
_TRIAL = bytes(4096)


# bytes of a name; most file systems end at 255, and results add to it
_LONGEST = 180


def output_stems(sources: Sequence[str]) -> List[str]:
    """A relative name without a suffix for the results of every picture.

    Pictures of several folders keep those below the one that is common to
    all: ``a/front`` and ``b/front``. ``x.jpg`` and ``x.png`` keep their
    suffixes, and what is still the same is numbered. File systems that know
    no capitals are thought of.
    """
    folders = _folders(sources)
    names = [picture_name(source) for source in sources]
    stems = [
        str(Path(folder, _short(Path(name).stem or name)))
        for folder, name in zip(folders, names)
    ]
    times = Counter(stem.casefold() for stem in stems)
    stems = [
        stem
        if times[stem.casefold()] == 1
        else str(Path(folder, _short(name)))
        for stem, folder, name in zip(stems, folders, names)
    ]
    taken, distinct = set(), []
    for stem in stems:
        numbered = chain([stem], (f'{stem}_{i}' for i in count(2)))
        free = next(one for one in numbered if one.casefold() not in taken)
        taken.add(free.casefold())
        distinct.append(free)
    return distinct


def _short(name: str) -> str:
    while len(os.fsencode(name)) > _LONGEST:
        name = name[:-1]
    return name


def _folders(sources: Sequence[str]) -> List[str]:
    """Each one's below the folder common to all; of an address none."""
    parents = [
        None if is_url(source) else os.path.dirname(os.path.abspath(source))
        for source in sources
    ]
    local = [parent for parent in parents if parent is not None]
    common = os.path.commonpath(local) if local else ''
    return [
        '' if parent is None else os.path.relpath(parent, common)
        for parent in parents
    ]


def check_not_an_input(
    outputs: Iterable[os.PathLike], sources: Iterable[str]
) -> None:
    """Also by another name, a link or a second name of the same file.

    Raises:
        InputError: Names the result that would replace an input.
    """
    places = {}
    for source in sources:
        if is_url(source):
            continue
        places[os.path.realpath(source)] = source
        if os.path.exists(source):
            places[_identity(source)] = source
    for output in outputs:
        same = places.get(os.path.realpath(output))
        if same is None and os.path.exists(output):
            same = places.get(_identity(output))
        if same is not None:
            raise InputError(
                f'{shown(output)} would replace the input {shown(same)}: '
                'give another name'
            )


def check_folder(folder: os.PathLike) -> None:
    """Make a folder and try to write in it.

    Raises:
        InputError: If that cannot be done.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # without a name: who is killed meanwhile leaves nothing
        with TemporaryFile(dir=folder) as trial:
            trial.write(_TRIAL)
            trial.flush()
    except OSError as error:
        raise InputError(
            f'nothing can be written to {shown(folder)}: {error.strerror}'
        ) from error


def check_file(path: os.PathLike, try_folder: bool = True) -> None:
    """:func:`check_folder` of a file that is to be.

    Raises:
        InputError: Also if it is a folder, or no ordinary file.
    """
    if os.path.isdir(path):
        raise InputError(f'{shown(path)} is a folder; give the name of a file')
    if os.path.exists(path) and not os.path.isfile(path):
        raise InputError(f'{shown(path)} is no ordinary file')
    place = Path(os.path.realpath(path))
    if try_folder:
        check_folder(place.parent)
    try:  # of a name that is too long
        os.lstat(beside(place))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise InputError(
            f'{shown(path)} cannot be written: {error.strerror}'
        ) from error


def check_output(
    parser: argparse.ArgumentParser, output: os.PathLike, *inputs: os.PathLike
) -> None:
    """Of a command line: what is wrong with its result ends the program."""
    try:
        check_not_an_input([output], map(str, inputs))
        check_file(output)
    except InputError as error:
        parser.error(str(error))


def check_display() -> None:
    """Without one, the window's library would end the whole process.

    Raises:
        InputError: If there is no display.
    """
    names = ('DISPLAY', 'WAYLAND_DISPLAY')
    if sys.platform.startswith('linux') and not any(map(os.getenv, names)):
        raise InputError('there is no display for a window; write a file')


def _identity(path: str) -> tuple:
    found = os.stat(path)
    return found.st_dev, found.st_ino
