"""Worn garments of the test set with what one row says, the worst first."""

from collections.abc import Sequence
from typing import Optional

import numpy as np

from dfa_mm.visualization import contact_sheet

from .. import tables
from ..networks import predict, spread_evenly, test_set, trained_model
from ..report import picture, section
from ..results import Results
from ..run import Run
from ..tiles import mean_error, predicted_tile, write_jpeg

SHEET = 'worn.jpg'
WORST, OTHERS = 8, 16
_COLUMNS, _PANEL = 8, 190
# Of the configs' test set: flat box, flat whole, worn box, worn whole.
_PART = 2


def sheet_section(results: Results, name: str) -> str:
    """The picture and what it shows; nothing where no checkpoint is left."""
    each = results.usable(name)
    if each is None:
        return ''
    results.console.print(f'Worn garments of {each.run.name}')
    panels = worn_panels(each.run)
    write_jpeg(results.folder / SHEET, contact_sheet(panels, _COLUMNS))
    return section(
        f'Worn garments, `{each.run.name}`',
        picture('Worn garments with landmarks found and true', SHEET),
        f'Of the worn test garments, each given its box: the {WORST} '
        f'worst, then {OTHERS} spread evenly over the others, from the '
        'worst to the best. Filled marks are said to be visible, hollow '
        'ones occluded, truncated ones are missing; crosses are the '
        'truth. The number is the mean error as a share of the '
        "box's long side.",
    )


def worn_panels(run: Run) -> list[np.ndarray]:
    """The chosen garments, RGB."""
    dataset = test_set(run)
    first = sum(dataset.lens[:_PART])
    indices = range(first, first + dataset.lens[_PART])
    samples = predict(trained_model(run), dataset, indices)
    errors = [mean_error(sample) for sample in samples]
    return [
        predicted_tile(
            samples[i], dataset.metainfo, _PANEL, tables.number(errors[i], 3)
        )
        for i in worst_and_others(errors, WORST, OTHERS)
    ]


def worst_and_others(
    errors: Sequence[Optional[float]], worst: int, others: int
) -> list[int]:
    """Indices from the largest error to the smallest.

    Args:
        errors (Sequence): None for what cannot be judged; is left out.
        worst (int): All of so many of the largest.
        others (int): So many of the rest, evenly by rank, its best included.
    """
    known = [i for i, error in enumerate(errors) if error is not None]
    ranked = sorted(known, key=lambda i: -errors[i])
    rest = ranked[worst:]
    return ranked[:worst] + [rest[i] for i in spread_evenly(others, len(rest))]
