"""Worn garments of the test set with what one row says, the worst first."""

from collections.abc import Sequence
from typing import Optional

import numpy as np

from dfa_mm.structures import has_position
from dfa_mm.visualization import contact_sheet

from .. import markdown
from ..loading import predict, run_config, spread_evenly, test_set
from ..loading import trained_model as load_model
from ..report import Finished, ReportInput
from .fig4 import usable
from .fig8 import mean_error, predicted_states
from .tiles import garment, mark, true_landmarks, true_states, write_jpeg

SHEET = 'worn.jpg'
WORST, OTHERS = 8, 16
_COLUMNS, _PANEL = 8, 190
# Of the configs' test set: flat box, flat whole, worn box, worn whole.
_PART = 2


def sheet_section(report: ReportInput, name: str) -> str:
    """The picture and what it shows; nothing where no checkpoint is left.

    Args:
        report (ReportInput): Of the experiment.
        name (str): Of the row.
    """
    each = usable(report, name)
    if each is None:
        return ''
    report.console.print(f'Worn garments of {each.run.name}')
    panels = worn_panels(each)
    write_jpeg(report.folder / SHEET, contact_sheet(panels, _COLUMNS))
    return '\n\n'.join(
        [
            f'## Worn garments, `{each.run.name}`',
            f'![Worn garments with landmarks found and true]({SHEET})',
            f'Of the worn test garments, each given its box: the {WORST} '
            f'worst, then {OTHERS} spread evenly over the others, from the '
            'worst to the best. Filled marks are said to be visible, hollow '
            'ones occluded, truncated ones are missing; crosses are the '
            'truth. The number is the mean error as a share of the '
            "box's long side.",
        ]
    )


def worn_panels(each: Finished) -> list[np.ndarray]:
    """The chosen garments, RGB."""
    cfg = run_config(each.run)
    dataset = test_set(cfg)
    first = sum(dataset.lens[:_PART])
    indices = range(first, first + dataset.lens[_PART])
    samples = predict(load_model(each.run, cfg), dataset, indices)
    errors = [mean_error(sample) for sample in samples]
    return [
        _panel(samples[i], errors[i], dataset.metainfo)
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


def _panel(sample, error: float, meta: dict) -> np.ndarray:
    picture, place = garment(sample, _PANEL)
    return mark(
        picture,
        place(sample.pred_instances.keypoints[0]),
        predicted_states(sample),
        meta,
        place(true_landmarks(sample)),
        has_position(true_states(sample)),
        markdown.number(error, 3),
    )
