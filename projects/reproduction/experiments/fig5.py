"""Fig. 5: PDL over the distance, by landmark and by clothes type."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .. import numbers, rows, tables
from ..claims import Claim, claims_table, easiest, hardest, hardest_type
from ..plots import curve_grid
from ..report import picture, section, write_report
from ..results import Results
from ..sections import results_section, rivals_section

TITLE = 'Fig. 5: PDL by landmark and clothes type'
LANDMARK_PLOT, TYPE_PLOT = 'pdl_landmarks.png', 'pdl_types.png'
CLAIMS = (
    Claim('collars are the easiest landmarks', easiest('collar')),
    Claim('sleeves are the hardest', hardest('sleeve')),
    Claim('upper-body clothes are the hardest', hardest_type('upper')),
)


def write(results: Results) -> Path:
    """report.md, report.json and the curves."""
    return write_report(
        results,
        TITLE,
        [
            curves_section(results),
            section(
                'What the paper says',
                claims_table(results, CLAIMS),
                'By PDL@15, left and right together; yes or no where all '
                "seeds agree. The figure's curves are not printed as numbers.",
            ),
            section(
                'PDL@15',
                tables.by_name(
                    rows.SYSTEMS,
                    {
                        name: results.cell(numbers.pdl(name), 3)
                        for name in (*numbers.LANDMARKS, *numbers.TYPES)
                    },
                    results.label,
                ),
            ),
            results_section(results, rows.SYSTEMS),
            rivals_section(results, rows.RIVALS),
        ],
        dict(
            claims=[
                dict(text=claim.text, verdict=claim.verdict(results))
                for claim in CLAIMS
            ]
        ),
        numbers.summary,
    )


def curves_section(results: Results) -> str:
    """Two pictures, a curve for every system."""
    if not results.present(rows.SYSTEMS):
        return ''
    first = next(iter(results.finished.values()))
    for file, names, columns in (
        (LANDMARK_PLOT, numbers.LANDMARKS, 4),
        (TYPE_PLOT, numbers.TYPES, 3),
    ):
        curve_grid(
            results.folder / file,
            first.value('PDL/thresholds'),
            panels(results, names),
            'distance, pixels of a crop of 224',
            'PDL',
            columns,
        )
    return section(
        'PDL',
        picture('PDL over the distance by landmark', LANDMARK_PLOT),
        picture('PDL over the distance by clothes type', TYPE_PLOT),
        'Mean over the seeds.',
    )


def panels(
    results: Results, names: Sequence[str]
) -> dict[str, dict[str, np.ndarray]]:
    """Landmark or group to system to mean curve, of what there is."""
    found: dict = {}
    for name in names:
        for system in rows.SYSTEMS:
            curves = results.values(system, numbers.pdl(name, 'curve'))
            known = [c for c in curves.values() if c is not None]
            if known:
                # a gap stays one
                mean = np.mean(np.array(known, float), axis=0)
                found.setdefault(name, {})[rows.SHORT[system]] = mean
    return found
