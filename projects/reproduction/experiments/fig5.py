"""Fig. 5: PDL over the distance, by landmark and by clothes type."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .. import numbers, rows, tables
from ..claims import Claim, claims_table, easiest, hardest, hardest_type
from ..plots import curve_grid
from ..report import write_report
from ..results import Results
from ..sections import rivals, whole_set

CLAIMS = (
    Claim('collars are the easiest landmarks', easiest('collar')),
    Claim('sleeves are the hardest', hardest('sleeve')),
    Claim('upper-body clothes are the hardest', hardest_type('upper')),
)


def write(results: Results) -> Path:
    """report.md, report.json and the curves."""
    shares = {
        name: results.cell(numbers.pdl(name), 3)
        for name in (*numbers.LANDMARKS, *numbers.TYPES)
    }
    claims = [
        dict(text=each.text, verdict=each.verdict(results)) for each in CLAIMS
    ]
    return write_report(
        results,
        dict(
            curves=draw_curves(results),
            claims=claims_table(results, CLAIMS),
            shares=tables.by_name(rows.SYSTEMS, shares, results.label),
            whole_set=whole_set(results, rows.SYSTEMS),
            **rivals(results, rows.RIVALS),
        ),
        dict(claims=claims),
        numbers.summary,
    )


def draw_curves(results: Results) -> bool:
    """Two pictures, a curve for every system; False without any."""
    if not results.present(rows.SYSTEMS):
        return False
    first = next(iter(results.finished.values()))
    for file, names, columns in (
        ('pdl_landmarks.png', numbers.LANDMARKS, 4),
        ('pdl_types.png', numbers.TYPES, 3),
    ):
        curve_grid(
            results.folder / file,
            first.value('PDL/thresholds'),
            panels(results, names),
            'distance, pixels of a crop of 224',
            'PDL',
            columns,
        )
    return True


def panels(
    results: Results, names: Sequence[str]
) -> dict[str, dict[str, np.ndarray]]:
    """Landmark or group to system to mean curve, of what there is."""
    found: dict = {}
    for name in names:
        for system in rows.SYSTEMS:
            curve = results.mean_curve(system, numbers.pdl(name, 'curve'))
            if curve is not None:
                found.setdefault(name, {})[rows.SHORT[system]] = curve
    return found
