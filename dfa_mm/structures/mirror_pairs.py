"""Which landmark mirrors which, read off their names in any spelling.

``left_collar``, ``Left collar``, ``collarLeft``, ``neckline-left``,
``cuff_left_in``, ``L.Collar`` and ``lcollar`` all have a side; the rest of
the name tells the partner.
"""

import re
import unicodedata
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from dfa_mm.errors import InputError

LEFT, RIGHT = 'left', 'right'
_OTHER = {LEFT: RIGHT, RIGHT: LEFT}
_SIDES = {
    **dict.fromkeys((LEFT, 'lft', 'lhs', '左'), LEFT),
    **dict.fromkeys((RIGHT, 'rgt', 'rght', 'rhs', '右'), RIGHT),
}
_LETTERS = {'l': LEFT, 'r': RIGHT}
_LETTER_OTHER = {'l': 'r', 'r': 'l'}
_GLUED = (LEFT, RIGHT, '左', '右')
# Words that begin or end like a side and have none.
_NO_SIDE = {
    *('aright', 'birthright', 'bright', 'cleft', 'copyright', 'downright'),
    *('forthright', 'fright', 'leftover', 'leftovers', 'outright'),
    *('righteous', 'rightful', 'upright', 'wright'),
}  # fmt: skip
# ABCd is AB and Cd: capitals begin a word unless all of it is capitals.
_WORD = re.compile(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+')

Spelling = Tuple[str, ...]


def spelling(name: str) -> Spelling:
    """The words of a name, in lower case, a single side before the rest.

    Two names of one spelling mean the same landmark.
    """
    words = [
        part
        for word in _WORD.findall(unicodedata.normalize('NFKC', name))
        for part in _unglued(word.lower())
    ]
    named = any(len(word) > 1 and word.isalpha() for word in words)
    if named:  # in 'L 1' or 'k, l, m' a letter is no side
        words = [_LETTERS.get(word, word) for word in words]
    sides = [word for word in words if word in _OTHER]
    if len(sides) == 1:
        words = sides + [word for word in words if word not in _OTHER]
    return tuple(words) or (name,)


def side_of(name: str) -> Optional[str]:
    """``left`` or ``right``, None for the middle and for both."""
    sides = {word for word in spelling(name) if word in _OTHER}
    return sides.pop() if len(sides) == 1 else None


def find_pairs(
    names: Sequence[str], given: Iterable[Sequence[str]] = ()
) -> Dict[str, str]:
    """Every name's partner: an involution, the middle mirrors itself.

    Args:
        names (Sequence[str]): Of all landmarks.
        given (Iterable[Sequence[str]]): Pairs that the names do not tell,
            or tell wrongly; one of a landmark with itself says that it has
            no partner.

    Raises:
        InputError: If a left or right has no partner, or a pair is wrong.
    """
    check_names(names)
    partners = _given_partners(names, given)
    rest = [name for name in names if name not in partners]
    for name, partner in _named_partners(rest).items():
        if partner is None:
            raise InputError(_lonely(name))
        partners[name] = partner
    return {name: partners.get(name, name) for name in names}


def check_swaps(pairs: Sequence[Tuple[str, str]]) -> None:
    """Of every landmark MMPose's ``swap``, empty where it has none.

    Raises:
        InputError: If mirroring twice would not lead back, or if the names
            say otherwise.
    """
    check_names([name for name, _ in pairs])
    swaps = dict(pairs)
    for name, swap in pairs:
        if not swap:
            continue
        if swap not in swaps:
            raise InputError(
                f'landmark {name!r} swaps with {swap!r}, which is none of '
                f'{", ".join(map(repr, swaps))}: correct its swap'
            )
        if swap != name and swaps[swap] != name:
            raise InputError(
                f'landmark {name!r} swaps with {swap!r}, but {swap!r} with '
                f'{swaps[swap]!r}; mirroring twice must lead back: let each '
                'of a pair name the other'
            )
    for name, partner in _named_partners(list(swaps)).items():
        swap = swaps[name]
        if not swap:
            raise InputError(
                f'landmark {name!r} has a side but no swap: name its partner'
                f'{"" if partner is None else f", {partner!r}"}, or itself if '
                'it has none'
            )
        if partner not in (None, swap):
            raise InputError(
                f'landmark {name!r} swaps with {swap!r} although there is '
                f'{partner!r}: swap those of one name, or rename them'
            )


def check_names(names: Sequence[str]) -> None:
    """Raises InputError unless each is a text of its own spelling."""
    seen: Dict[Spelling, str] = {}
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f'landmark name {name!r}; expected a text such as '
                "'left collar'"
            )
        words = spelling(name)
        if words in seen:
            raise InputError(
                f'landmark name {name!r} after {seen[words]!r}: give every '
                'landmark a name of its own'
            )
        seen[words] = name


def _unglued(word: str) -> List[str]:
    """``leftcollar`` and ``collarleft`` as two words."""
    if word in _SIDES:
        return [_SIDES[word]]
    if word in _NO_SIDE:
        return [word]
    for side in _GLUED:
        if word.startswith(side):
            return [_SIDES[side], word[len(side) :]]
        if word.endswith(side):
            return [word[: -len(side)], _SIDES[side]]
    return [word]


def _given_partners(
    names: Sequence[str], given: Iterable[Sequence[str]]
) -> Dict[str, str]:
    partners: Dict[str, str] = {}
    for pair in given:
        if isinstance(pair, str) or len(pair) != 2:
            raise InputError(f'mirror pair {pair!r}; expected two landmarks')
        a, b = pair
        for name in (a, b):
            if name not in names:
                raise InputError(
                    f'mirror pair {a!r}, {b!r}: there is no landmark {name!r}'
                )
        for name, partner in ((a, b), (b, a)):
            if partners.setdefault(name, partner) != partner:
                raise InputError(
                    f'landmark {name!r} is paired with {partners[name]!r} and '
                    f'with {partner!r}; a landmark has one mirror image'
                )
    return partners


def _named_partners(names: Sequence[str]) -> Dict[str, Optional[str]]:
    """Of those with a side; None where the partner is missing."""
    by_spelling = {spelling(name): name for name in names}
    partners = {}
    for words, name in by_spelling.items():
        mirrored = tuple(_OTHER.get(word, word) for word in words)
        if mirrored != words:
            partners[name] = by_spelling.get(mirrored)
    sideless = [name for name in names if name not in partners]
    return {**partners, **_letter_partners(sideless)}


def _letter_partners(names: Sequence[str]) -> Dict[str, str]:
    """``lcollar`` with ``rcollar``, ``cuffL1`` and the like, if both are."""
    flat = {''.join(spelling(name)): name for name in names}
    letters = {text for text in flat if len(text) == 1}
    partners = {}
    for text, name in flat.items():
        if text in letters and letters != {'l', 'r'}:
            continue  # one of an alphabet
        begin = _LETTER_OTHER.get(text[0], '') + text[1:]
        end = text[:-1] + _LETTER_OTHER.get(text[-1], '')
        for other in (begin, end):
            if len(other) == len(text) and other in flat:
                partners.setdefault(name, flat[other])
    return {a: b for a, b in partners.items() if partners.get(b) == a}


def _lonely(name: str) -> str:
    other = _OTHER[side_of(name)] if side_of(name) else 'mirrored'
    return (
        f'landmark {name!r} has a side but no {other} one beside it: correct '
        'the names, or give pairs; [name, name] says that it has none'
    )
