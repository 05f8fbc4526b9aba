"""In what two nested settings differ, in words."""

from typing import List

MOST_DIFFERENCES = 4
LONGEST_VALUE = 60


def differences(theirs: dict, ours: dict) -> List[str]:
    """Dotted keys with both sides, where they differ."""
    there, here = flatten(theirs), flatten(ours)
    return [
        f'{key} is {_shown(there, key)} there, {_shown(here, key)} here'
        for key in {**here, **there}
        if key not in there or key not in here or there[key] != here[key]
    ]


def flatten(node, prefix: str = '') -> dict:
    """Nested dicts and lists of them as ``{'model.stages.0.a': 1}``."""
    if isinstance(node, dict) and node:
        items = node.items()
    elif isinstance(node, list) and any(
        isinstance(value, (dict, list)) for value in node
    ):
        items = enumerate(node)
    else:
        return {prefix: node}
    flat = {}
    for key, value in items:
        flat.update(flatten(value, f'{prefix}.{key}' if prefix else f'{key}'))
    return flat


def _shown(flat: dict, key: str) -> str:
    text = repr(flat[key]) if key in flat else 'nothing'
    if len(text) > LONGEST_VALUE:
        text = f'{text[:LONGEST_VALUE]}...'
    return text


def listed(found: List[str]) -> str:
    """The first of them in one line."""
    more = len(found) - MOST_DIFFERENCES
    rest = [f'and {more} more'] if more > 0 else []
    return '; '.join(found[:MOST_DIFFERENCES] + rest)
