"""``--cfg-options``: whether the config has what is to be overridden.

key=value     overrides what the config has, or the class there takes
+key=value    sets one that nothing knows
"""

import re
from collections.abc import Mapping
from typing import Callable, Iterable, Tuple

from mmengine.config import Config, DictAction

from dfa_mm.apis import InputError
from dfa_mm.apis.scope import OWN_SCOPE
from dfa_mm.engine.stages import OWN

from .known_keys import taken, whole
from .registered import Taken, nearest

NEW = '+'
LISTED = 8  # keys that a message names
SLIP = 0.8  # of a key's letters, at least, are those of another


def merge(
    cfg: Config, words: Iterable[str], into: Callable[[Config, dict], None]
) -> None:
    """Override settings one after the other.

    Args:
        words (Iterable[str]): As ``key=value``.
        into (Callable): Merges a dict of dotted keys into the config.

    Raises:
        InputError: If one is misspelt, or is given what it cannot be.
    """
    for word in words:
        key, value = parse(word)
        if not key.startswith(NEW):
            check(cfg, key, value)
        into(cfg, {key.lstrip(NEW): value})


def parse(word: str) -> Tuple[str, object]:
    """A key and its value, as MMEngine reads it."""
    key, _, text = word.partition('=')
    try:
        return key, DictAction._parse_iterable(text)
    except AssertionError as error:
        raise InputError(
            f'--cfg-options {word}: brackets that open must close'
        ) from error
    except RecursionError as error:  # at a bracket that begins no list
        raise InputError(
            f'--cfg-options {word}: expected a number, a text, a list or a '
            'tuple; of a dict give the parts, one by one: key.part=value'
        ) from error


def check(cfg: Config, key: str, value: object) -> None:
    """Whether a dotted key means anything, and takes such a value.

    Raises:
        InputError: If not, with the nearest that does.
    """
    own = re.fullmatch(rf'{OWN}\.\d+\.(.+)', key)
    node, path = cfg._cfg_dict, []
    for part in (own[1] if own else key).split('.'):
        where = '.'.join(path)
        if isinstance(node, (list, tuple)):
            node = node[_index(node, where, part, key)]
        elif not isinstance(node, Mapping):
            raise InputError(
                f'--cfg-options {key}: {where} is {node!r} in the config and '
                f'has no parts: give {where} as a whole'
            )
        else:
            node = whole(cfg, node, where)
            if part not in node:
                scope = cfg.get('default_scope') or OWN_SCOPE
                takes = taken(node, where, scope)
                return _check_known(node, takes, where, part, key)
            node = node[part]
        path.append(part)
    return _check_value(key, node, value)


def _index(node: list, where: str, part: str, key: str) -> int:
    if part.isdigit() and int(part) < len(node):
        return int(part)
    there = f'0 to {len(node) - 1}' if node else 'nothing'
    raise InputError(f'--cfg-options {key}: {where} is a list with {there}')


def _check_known(
    node: Mapping, takes: Taken, where: str, part: str, key: str
) -> None:
    known = takes.names | set(node)
    # where others are taken, what looks like a slip is one
    others = takes.others and not nearest(part, known, SLIP)
    if part in known or others:
        return
    listed = ', '.join(sorted(key for key in known if key[0] != '_'))
    few = f'; it knows {listed}' if len(known) <= LISTED else ''
    raise InputError(
        f'--cfg-options {key}: {where or "the config"} knows no {part!r}'
        f'{nearest(part, known) or few}; {NEW}{key}=... sets it all the same'
    )


def _check_value(key: str, before: object, value: object) -> None:
    """Words in the place of a number; 'auto' may stand there."""
    if not isinstance(value, str) or value == 'auto':
        return
    expected = 'True or False' if isinstance(before, bool) else 'a number'
    if isinstance(before, (int, float)):
        raise InputError(
            f'--cfg-options {key}={value}: expected {expected}, for it is '
            f'{before} in the config'
        )
