"""What the page says: its texts, tables and messages."""

import html
from typing import List, Optional, Sequence

from mmengine.structures import InstanceData

from dfa_mm.apis import branch_name

COLUMNS = ('landmark', 'x', 'y', 'state', 'probability')
NUMBERS = ('x', 'y', 'probability')
NONE = '–'

INTRODUCTION = """
# Fashion landmarks

Drop a photo of a garment, paste one or take one. It stays on the machine
that runs this page.
"""
HINTS = (  # by the number of corners
    'Several garments? Click two opposite corners round one of them.',
    'Now click the opposite corner.',
    'The box is used; another click starts a new one.',
)
LEGEND = (
    '● visible, ○ occluded, cut off: named in the picture · blue: left, '
    'orange: right'
)
EMPTY = 'The landmarks appear here as soon as there is a photo.'
BRANCH_WORDS = {
    'easy': 'Stage {} took the branch for **easy** garments: the stage before '
    'expected a small error.',
    'hard': 'Stage {} took the branch for **hard** garments: the stage before '
    'expected a large error.',
    None: 'There was no branch to choose.',
}


def table_of(rows: List[dict]) -> str:
    """The landmarks' rows as HTML."""
    lines = [tr('th', COLUMNS)]
    for name, x, y, state, probability in (row.values() for row in rows):
        place = number(x, 1), number(y, 1)
        cells = name, *place, state or NONE, number(probability, 2)
        lines.append(tr('td', cells))
    return f'<table>{"".join(lines)}</table>'


def number(value: Optional[float], places: int) -> str:
    return NONE if value is None else f'{value:.{places}f}'


def tr(tag: str, cells: Sequence[str]) -> str:
    kinds = ['number' if c in NUMBERS else 'text' for c in COLUMNS]
    row = ''.join(
        f'<{tag} class="{kind}">{html.escape(cell)}</{tag}>'
        for kind, cell in zip(kinds, cells)
    )
    return f'<tr>{row}</tr>'


def branch_words(pred: InstanceData) -> str:
    """The branch taken by the last stage as a sentence."""
    return BRANCH_WORDS[branch_name(pred)].format(
        pred.stage_keypoints.shape[1]
    )


def alert(text: str) -> str:
    return f'<p role="alert">{html.escape(text)}</p>'
