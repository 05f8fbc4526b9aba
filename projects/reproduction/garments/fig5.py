"""Fig. 5: PDL over the distance, by landmark and by clothes type."""

from pathlib import Path
from typing import Callable

import numpy as np

from .. import markdown
from ..report import Finished, ReportInput
from ..seeds import Estimate
from . import numbers, rows
from .claims import Claim, claims_table, easiest, hardest, hardest_type
from .plots import curve_grid
from .scales import garment_experiment
from .sections import finish, results_section, rivals_section

TITLE = 'Fig. 5: PDL by landmark and clothes type'
LANDMARK_PLOT, TYPE_PLOT = 'pdl_landmarks.png', 'pdl_types.png'
XLABEL = 'distance, pixels of a crop of 224'
CLAIMS = (
    Claim('collars are the easiest landmarks', easiest('collar')),
    Claim('sleeves are the hardest', hardest('sleeve')),
    Claim('upper-body clothes are the hardest', hardest_type('upper')),
)


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and the curves."""
    return finish(
        report,
        TITLE,
        [
            curves_section(report),
            claims_section(report),
            shares_section(report),
            results_section(report, rows.SYSTEMS),
            rivals_section(report, rows.RIVALS),
        ],
        dict(
            claims=[
                dict(text=claim.text, verdict=claim.verdict(report))
                for claim in CLAIMS
            ]
        ),
    )


def curves_section(report: ReportInput) -> str:
    """Two pictures, a curve for every system."""
    by_landmark = panels(report, numbers.LANDMARKS, numbers.landmark_curve)
    by_type = panels(
        report,
        numbers.TYPES,
        lambda each, name: numbers.group_curve(each, 'clothes_type', name),
    )
    if not by_landmark:
        return ''
    first = next(iter(report.finished.values()))
    thresholds = first.metrics['PDL']['thresholds']
    for file, found, columns in (
        (LANDMARK_PLOT, by_landmark, 4),
        (TYPE_PLOT, by_type, 3),
    ):
        curve_grid(
            report.folder / file, thresholds, found, XLABEL, 'PDL', columns
        )
    return '\n\n'.join(
        [
            '## PDL',
            f'![PDL over the distance by landmark]({LANDMARK_PLOT})',
            f'![PDL over the distance by clothes type]({TYPE_PLOT})',
            'Mean over the seeds.',
        ]
    )


def panels(
    report: ReportInput, names, read: Callable
) -> dict[str, dict[str, np.ndarray]]:
    """Name to system to mean curve, of what there is.

    Args:
        report (ReportInput): Gives the finished runs.
        names (Sequence[str]): Of landmarks or groups.
        read (Callable): Of a finished run and a name to its curve or None.
    """
    found: dict = {}
    for name in names:
        for system in rows.SYSTEMS:
            curves = [
                np.asarray(curve, float)
                for each in report.of_row(system).values()
                if (curve := read(each, name)) is not None
            ]
            if curves:
                curve = np.mean(curves, axis=0)
                found.setdefault(name, {})[rows.SHORT[system]] = curve
    return found


def claims_section(report: ReportInput) -> str:
    return '\n\n'.join(
        [
            '## What the paper says',
            claims_table(report, CLAIMS),
            'By PDL@15, left and right together; yes or no where all seeds '
            "agree. The figure's curves are not printed as numbers.",
        ]
    )


def shares_section(report: ReportInput) -> str:
    """PDL@15 of every system by landmark and by clothes type."""
    lines = [
        [
            report.label(system),
            *(
                markdown.estimate(share_of(report, system, name), 3)
                for name in (*numbers.LANDMARKS, *numbers.TYPES)
            ),
        ]
        for system in rows.SYSTEMS
    ]
    header = ('', *numbers.LANDMARKS, *numbers.TYPES)
    return f'## PDL@15\n\n{markdown.table(header, lines)}'


def share_of(report: ReportInput, system: str, name: str) -> Estimate:
    def read(each: Finished):
        if name in numbers.TYPES:
            return numbers.group_pdl(each, 'clothes_type', name)
        return numbers.landmark_pdl(each, name)

    return report.estimate(system, read)


EXPERIMENT = garment_experiment(
    'fig5',
    'PDL curves by landmark and clothes type of all systems (Fig. 5)',
    rows.SYSTEMS,
    write_report,
)
