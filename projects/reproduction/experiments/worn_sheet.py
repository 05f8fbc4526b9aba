"""Worn garments of the test set with what one row says, the worst first."""

from collections.abc import Sequence
from typing import Optional

import numpy as np

from dfa_mm.visualization import contact_sheet

from .. import tables
from ..networks import predict, spread_evenly, test_set, trained_model
from ..results import Results
from ..run import Run
from ..tiles import mean_error, predicted_tile, write_jpeg

# as the template says
WORST, OTHERS = 8, 16
_COLUMNS, _PANEL = 8, 190
# Of the configs' test set: flat box, flat whole, worn box, worn whole.
_PART = 2


def write_sheet(results: Results, name: Optional[str]) -> Optional[str]:
    """The run that is shown; None where there is no checkpoint to ask."""
    each = results.usable(name) if name and results.photographs else None
    if each is None:
        return None
    results.console.print(f'Worn garments of {each.run.name}')
    panels = worn_panels(each.run)
    write_jpeg(results.folder / 'worn.jpg', contact_sheet(panels, _COLUMNS))
    return each.run.name


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
