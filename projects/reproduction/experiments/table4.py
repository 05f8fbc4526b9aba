"""Table 4: strict PCP on Leeds Sports Pose, MMPose's heads and our ladder."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Optional

import cv2

from .. import tables
from ..numbers import BRANCHES
from ..paper import PAPER, TABLE4
from ..plots import plot_curves
from ..report import write_report
from ..results import Finished, Results
from ..rows import COMPARISONS
from ..seeds import Estimate
from ..steps import make_step
from ..tiles import write_jpeg

KINDS = ('', 'local_', 'maps_')
CASCADES = tuple(f'{kind}dfa' for kind in KINDS)
# (row, the row that it is compared with, if any)
LADDER = tuple(
    (kind + row, before and kind + before)
    for kind in KINDS
    for row, before in COMPARISONS['table4']
)
RIVALS = COMPARISONS['table4_rivals']
STICKS = tuple(PAPER['table4']['columns'])
CONVENTION_NAMES = dict(oc='observer-centric', pc='person-centric')


def percent(path: str) -> Callable[[Finished], Optional[float]]:
    """Of a share in a run's metrics."""

    def read(each: Finished) -> Optional[float]:
        share = each.value(path)
        return None if share is None else 100 * share

    return read


MEAN = percent('PCP/strict/final/mean')
# By the names of the table's columns.
READERS = {
    **{name: percent(f'PCP/strict/final/group/{name}') for name in STICKS},
    'mean': MEAN,
    'loose mean': percent('PCP/loose/final/mean'),
    'PCK@0.2': percent('PCK/stages/final/share'),
}


def write(results: Results) -> Path:
    """report.md, report.json and their pictures."""
    return write_report(
        results,
        dict(
            table=main_table(results),
            labels=conventions(results),
            ladder=steps_table(results, LADDER, 'rung'),
            rivals=steps_table(results, RIVALS, 'cascade'),
            curves=draw_curves(results),
            routing={
                name: branches(results, name)
                for name in results.present(CASCADES)
            },
            pictures=copy_pictures(results),
        ),
        dict(
            paper=TABLE4,
            ladder=[
                dict(
                    row=name,
                    before=before or None,
                    step=gain(results, name, before)._asdict(),
                )
                for name, before in (*LADDER, *RIVALS)
            ],
        ),
        lambda each: {n: each.value(read) for n, read in READERS.items()},
    )


def gain(results: Results, name: str, before: str) -> Estimate:
    """Points of mean strict PCP over another row, seed by seed."""
    return make_step(results, name, before, 'mean', MEAN).ours


def main_table(results: Results) -> str:
    """The paper's rows and ours."""
    columns = {
        **{name: results.cell(read) for name, read in READERS.items()},
        'networks trained': results.networks,
        **results.effort(),
    }
    blank = [''] * (len(columns) - len(STICKS))
    paper = [
        [
            f'{name} (paper, VGG-16, observer-centric)',
            *map(tables.number, printed.values()),
            *blank,
        ]
        for name, printed in TABLE4.items()
    ]
    ours = [
        [results.label(name), *(cell(name) for cell in columns.values())]
        for name in results.names
    ]
    return tables.table(('', *columns), [*paper, *ours])


def conventions(results: Results) -> str:
    """Whose left and right the numbers are about."""
    found = {
        CONVENTION_NAMES[run.cfg.test_dataloader.dataset.convention]
        for run in results.finished
    }
    return ' and '.join(sorted(found))


def steps_table(results: Results, pairs: Iterable, first: str) -> str:
    """A line for each row and the one that it is compared with."""
    lines = []
    for name, before in pairs:
        if not results.has_rows(*filter(None, (name, before))):
            continue  # a scale need not have every cascade
        gained = gain(results, name, before)
        lines.append(
            [
                results.label(name),
                tables.code(before) if before else '',
                results.cell(MEAN)(name),
                tables.estimate(gained, signed=True) if before else '',
                str(gained.count) if before else '',
            ]
        )
    header = (first, 'compared with', 'mean', 'step', 'seeds')
    return tables.table(header, lines)


def draw_curves(results: Results) -> bool:
    """PCK over the distance, a line for each row; False without any."""
    names = results.present(results.names)
    if names:
        first = next(iter(results.finished.values()))
        plot_curves(
            results.folder / 'pck_curves.png',
            first.value('PCK/thresholds'),
            {
                results.row(name).label: results.mean_curve(
                    name, 'PCK/stages/final/curve'
                )
                for name in names
            },
            'distance in torso lengths',
            'PCK, mean over the seeds',
        )
    return bool(names)


def branches(results: Results, name: str) -> str:
    """How a routed row's two branches share the pictures."""
    place = 'PCP/strict/final/branch/{}/{}'

    def share(branch: str) -> Callable[[Finished], float]:
        # a group without any sample is not in results.json
        return lambda each: (
            100
            * (each.value(place.format(branch, 'count')) or 0)
            / each.value('PCP/strict/final/count')
        )

    lines = [
        [
            branch,
            results.cell(share(branch))(name),
            results.cell(percent(place.format(branch, 'mean')))(name),
        ]
        for branch in BRANCHES
    ]
    header = ('branch', 'share of the sticks', 'mean strict PCP')
    return tables.table(header, lines)


def copy_pictures(results: Results) -> dict[str, int]:
    """Of the routed rows' first seeds, as JPEG; row to seed."""
    found = {}
    for name in results.present(CASCADES) if results.photographs else ():
        seed, each = min(results.of_row(name).items())
        sheet = cv2.imread(str(each.run.folder / 'predictions.png'))
        if sheet is not None:
            file = results.folder / f'predictions_{name}.jpg'
            write_jpeg(file, sheet[..., ::-1])
            found[name] = seed
    return found
