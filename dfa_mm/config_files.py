"""Config files, read with an error that whoever wrote them can use.

MMEngine evaluates a config's text: a mistake ends in a traceback of a
temporary file, and so does an environment variable with a quote in it.
"""

import ast
import logging
import os
import re
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten
from typing import Iterator, List, Optional, Sequence, Set

from mmengine.config import Config
from mmengine.logging import MMLogger

from dfa_mm.errors import InputError

SUFFIXES = ('.py', '.yml', '.yaml', '.json')
CHECKPOINT_SUFFIXES = ('.pth', '.pt', '.ckpt')
BASE = '_base_'
VARIABLE = re.compile(r'\{\{[\'"]?\s*\$(\w+)\s*:\s*(\S*?)\s*[\'"]?\}\}')
# Once chose what is trained; ignored, something else would be.
CHOOSERS = ('DFA_CASCADE', 'DFA_NETWORK', 'FLD_SUBSET', 'FLD_SPLIT')
MESSAGE_WIDTH = 200


def read_config(path: str) -> Config:
    """The config in a file, with all that it inherits.

    Raises:
        InputError: In one line: the file, the line and what is wrong there.
    """
    texts = config_texts(str(path))
    names = {name for text in texts for name, _ in VARIABLE.findall(text)}
    _check_variables(path, texts)
    try:
        with quoted_variables(names), quiet_log():
            cfg = Config.fromfile(path)
    except (Exception, SystemExit) as error:  # any: it is somebody's code
        raise InputError(
            f'{path} cannot be read as a config: {in_words(error)}'
        ) from error
    if not len(cfg):
        raise InputError(
            f'{path} sets nothing: expected a config, such as those of configs'
        )
    return cfg


def in_words(error: BaseException) -> str:
    """What went wrong, in one line."""
    text = shorten(str(error), MESSAGE_WIDTH, placeholder=' ...')
    return f'{type(error).__name__}: {text}'


def config_texts(path: str, below: Sequence[str] = ()) -> List[str]:
    """What a config file and those that it inherits from say.

    Args:
        below (Sequence[str]): The files that inherit from this one.

    Raises:
        InputError: If one is missing, is no text, has mistakes in its syntax
            or inherits from itself.
    """
    inherited = f'{below[-1]}: its {BASE}: ' if below else ''
    real = os.path.realpath(path)
    if real in map(os.path.realpath, below):
        chain = ' <- '.join([*below, path])
        raise InputError(f'a config inherits from itself: {chain}')
    text = _text(path, inherited)
    texts = [text]
    for base in _bases(path, text):
        texts += config_texts(base, [*below, path])
    return texts


def _text(path: str, inherited: str) -> str:
    file = Path(path)
    if file.is_dir():
        raise InputError(f'{inherited}{path} is a folder: name a config in it')
    if not file.exists():
        raise InputError(f'{inherited}there is no config {path}{_near(file)}')
    if file.suffix in CHECKPOINT_SUFFIXES:
        raise InputError(
            f'{inherited}{path} is a checkpoint in the place of a config: the '
            'order is CONFIG CHECKPOINT'
        )
    if file.suffix not in SUFFIXES:
        raise InputError(
            f'{inherited}{path} is no config: expected a file that ends in '
            '.py (or .yml, .yaml, .json)'
        )
    try:
        return file.read_text(encoding='utf-8')
    except UnicodeDecodeError as error:
        raise InputError(
            f'{inherited}{path} is no text in UTF-8, byte {error.start} is '
            f'{error.object[error.start]:#04x}: expected a config'
        ) from error
    except OSError as error:
        raise InputError(
            f'{inherited}{path} cannot be read: {error.strerror}'
        ) from error


def _near(path: Path) -> str:
    """A file of nearly that name in the same folder."""
    folder = path.parent
    names = sorted(each.name for each in folder.glob('*.py'))
    found = get_close_matches(path.name, names, n=1)
    return f'; is it {folder / found[0]}?' if found else ''


def _bases(path: str, text: str) -> List[str]:
    """Paths of the configs that one of Python names in ``_base_``."""
    if not path.endswith('.py'):
        return []
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        line = getattr(error, 'lineno', None)
        where = f'{path}:{line}' if line else path
        what = getattr(error, 'msg', None) or str(error)
        raise InputError(
            f'{where}: {what}: the config has a mistake there'
        ) from error
    for node in body:
        if isinstance(node, ast.Assign) and _is_base(node):
            return _relative(path, node.value)
    return []


def _is_base(node: ast.Assign) -> bool:
    return any(getattr(target, 'id', None) == BASE for target in node.targets)


def _relative(path: str, value: ast.expr) -> List[str]:
    """Those beside this file; ``package::config`` is MMEngine's to find."""
    try:
        names = ast.literal_eval(value)
    except ValueError:
        return []  # computed: MMEngine evaluates it
    names = [names] if isinstance(names, str) else names
    names = [VARIABLE.sub(_value, name) for name in names]
    return [
        os.path.normpath(os.path.join(os.path.dirname(path), name))
        for name in names
        if '::' not in name
    ]


def _value(variable: re.Match) -> str:
    return os.environ.get(variable[1], variable[2])


def _check_variables(path: str, texts: Sequence[str]) -> None:
    read = {name for text in texts for name, _ in VARIABLE.findall(text)}
    for name in CHOOSERS:
        if os.environ.get(name) and name not in read:
            raise InputError(
                f'{name}={os.environ[name]!r} is set, but {path} does not '
                "read it: unset it; a config's name says what is trained "
                '(dfa_fld_upper_stage3.py)'
            )
    for text in texts:
        for name, default in VARIABLE.findall(text):
            if not os.environ.get(name, default):
                raise InputError(
                    f'{path} needs the environment variable {name}, which is '
                    'empty or not set'
                )


@contextmanager
def quiet_log() -> Iterator[None]:
    """Without a line for every variable, in the midst of what is printed."""
    logger = MMLogger.get_current_instance()
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def quoted_variables(names: Set[str]) -> Iterator[None]:
    """Environment variables so that a config's string holds their value.

    MMEngine puts them between the config's quotes as they are, by
    :func:`re.sub`: a quote ends the string, a backslash is an escape twice.
    """
    values = {name: os.environ.get(name) for name in names}
    changed = {name: _quoted(value) for name, value in values.items()}
    changed = {name: value for name, value in changed.items() if value}
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.update({name: values[name] for name in changed})


def _quoted(value: Optional[str]) -> Optional[str]:
    """``None`` where the value can stay as it is."""
    if not value or not re.search(r'[\\\'"\x00-\x1f\ud800-\udfff]', value):
        return None
    escaped = value.encode('unicode_escape').decode('ascii')
    escaped = escaped.replace("'", r'\x27').replace('"', r'\x22')
    return escaped.replace('\\', '\\\\')
