"""What the ``type`` of a config's part names, and what that takes."""

import inspect
import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple

import mmpose.registry
from mmengine.registry import Registry

from dfa_mm.apis.scope import OWN_SCOPE

# they hold words called type that name no class
DATA = ('metainfo', 'dataset_info', 'env_cfg', 'meta_keys')


def registries() -> List[Registry]:
    members = vars(mmpose.registry).values()
    return [each for each in members if isinstance(each, Registry)]


@lru_cache(maxsize=None)
def class_of(name: str, scope: str = OWN_SCOPE) -> Optional[object]:
    """The class or function of that name in any registry.

    Args:
        name (str): As in ``mmpretrain.ResNet``, whose library is imported.
        scope (str): Of names without one.
    """
    names = [name] if '.' in name else [name, f'{scope}.{name}']
    for registry in registries():
        for each in names:
            found = registry.get(each)
            if found is not None:
                return found
    return None


def known_names() -> Set[str]:
    """Names of the registries and of those above them."""
    names: Set[str] = set()
    for registry in registries():
        while registry is not None:
            names.update(registry.module_dict)
            registry = registry.parent
    return names


class Taken(NamedTuple):
    """The names that something takes, and whether any others as well."""

    names: Set[str]
    others: bool


def parameters_of(kind: object) -> Taken:
    """What a class or function takes; what it hands on to parents, too."""
    if not inspect.isclass(kind):
        names, rest = _parameters(kind)
        return Taken(names, rest is not None)
    names, others = set(), False
    for owner in kind.__mro__:
        if '__init__' not in vars(owner) or owner is object:
            continue
        own, rest = _parameters(owner.__init__)
        names |= own - {'self'}
        if not rest:
            break
        others |= not _hands_on(owner.__init__, rest)
    return Taken(names, others)


def _parameters(function) -> Tuple[Set[str], Optional[str]]:
    """The names that it takes, and what it calls any others."""
    parameters = inspect.signature(function).parameters.values()
    rest = [each.name for each in parameters if each.kind is each.VAR_KEYWORD]
    names = {
        each.name
        for each in parameters
        if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
    }
    return names, rest[0] if rest else None


def _hands_on(function, rest: str) -> bool:
    """Whether others go to the parent, and not into something else."""
    try:
        text = ''.join(inspect.getsource(function).split())
    except OSError:  # it was not written down
        return False
    calls = re.findall(r'__init__\(((?:[^()]|\([^()]*\))*)\)', text)
    return any(f'**{rest}' in call for call in calls[1:])


def typed_parts(node: object, where: str = '') -> Iterator[Tuple[str, dict]]:
    """Every part of a config that names a type, and where it stands."""
    if isinstance(node, dict):
        if isinstance(node.get('type'), str):
            yield where, node
        for key, value in node.items():
            if key not in DATA:
                yield from typed_parts(value, f'{where}.{key}'.lstrip('.'))
    elif isinstance(node, (list, tuple)):
        for index, value in enumerate(node):
            yield from typed_parts(value, f'{where}.{index}')


def nearest(name: str, known: Iterable[str], like: float = 0.6) -> str:
    found = get_close_matches(name, sorted(known), n=1, cutoff=like)
    return f'; is it {found[0]!r}?' if found else ''
