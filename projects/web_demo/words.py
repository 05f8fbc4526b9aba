"""What the page says: its texts, tables and messages."""

import html
from typing import List, Optional, Sequence

from dfa_mm.apis import Garment, branch_name, garment_labels, stage_rows
from dfa_mm.visualization import TYPE_COLORS

COLUMNS = ('landmark', 'x', 'y', 'state', 'probability')
NUMBERS = ('x', 'y', 'probability')
NONE = '–'

INTRODUCTION = """
# Fashion landmarks

Drop a photo of clothes, paste one or take one. It stays on the machine that
runs this page.
"""
HINTS = (  # by the number of corners
    'One garment only? Click two opposite corners round it.',
    'Now click the opposite corner.',
    'The box is used; another click starts a new one.',
)
EMPTY = 'The garments appear here as soon as there is a photo.'
NO_GARMENT = (
    '{}. If there is one, click two opposite corners round it, or say that '
    'one garment fills the picture.'
)
BRANCH_WORDS = 'stage {}: {} branch'


def legend() -> str:
    """What marks and colours of the picture mean, as HTML."""
    boxes = ' '.join(
        f'{swatch(kind)}&nbsp;{kind}' for kind in TYPE_COLORS if kind
    )
    return (
        '<p>● visible, ○ occluded, cut off: named in the picture · blue: '
        f'left, orange: right · boxes: {boxes}</p>'
    )


def swatch(kind: Optional[str]) -> str:
    """A square of a clothes type's colour."""
    color = ','.join(map(str, TYPE_COLORS[kind]))
    return f'<span class="swatch" style="background:rgb({color})"></span>'


def tables_of(
    garments: Sequence[Garment], meta: dict, stage: int, scored: bool
) -> str:
    """The landmarks of every garment at a stage, from 1, as HTML.

    Args:
        scored (bool): Whether there are scores: not of boxes that were given.
    """
    return ''.join(
        f'<table>{caption(label, garment, scored)}'
        f'{rows_of(stage_rows(garment.landmarks, meta, stage))}</table>'
        for label, garment in zip(garment_labels(garments), garments)
    )


def caption(label: str, garment: Garment, scored: bool) -> str:
    """Name, score and branch of a garment."""
    told = [f'score {garment.score:.2f}'] if scored else []
    branch = branch_name(garment.landmarks)
    if branch is not None:
        stages = garment.landmarks.stage_keypoints.shape[1]
        told.append(BRANCH_WORDS.format(stages, branch))
    return (
        f'<caption>{swatch(garment.type)} <b>{html.escape(label)}</b> '
        f'{", ".join(told)}</caption>'
    )


def rows_of(rows: List[dict]) -> str:
    """A table's rows of :func:`dfa_mm.apis.landmark_rows`."""
    lines = [tr('th', COLUMNS)]
    for name, x, y, state, probability in (row.values() for row in rows):
        place = number(x, 1), number(y, 1)
        cells = name, *place, state or NONE, number(probability, 2)
        lines.append(tr('td', cells))
    return ''.join(lines)


def number(value: Optional[float], places: int) -> str:
    return NONE if value is None else f'{value:.{places}f}'


def tr(tag: str, cells: Sequence[str]) -> str:
    kinds = ['number' if c in NUMBERS else 'text' for c in COLUMNS]
    row = ''.join(
        f'<{tag} class="{kind}">{html.escape(cell)}</{tag}>'
        for kind, cell in zip(kinds, cells)
    )
    return f'<tr>{row}</tr>'


def summary(garments: Sequence[Garment], nothing: str) -> str:
    """How many garments there are; ``nothing`` says that there is none."""
    if not garments:
        return f'<p>{html.escape(NO_GARMENT.format(nothing))}</p>'
    count = len(garments)
    return f'<p><b>{count} garment{"s" * (count > 1)}</b></p>'


def alert(text: str) -> str:
    return f'<p role="alert">{html.escape(text)}</p>'
