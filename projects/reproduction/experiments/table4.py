"""Table 4: strict PCP on Leeds Sports Pose, baselines and our ladder."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Optional

import cv2
import numpy as np

from dfa_mm.visualization import plot_curves

from .. import tables
from ..numbers import BRANCHES
from ..paper import STICKS, TABLE4
from ..report import picture, section, write_report
from ..results import Finished, Results
from ..rows import LOCAL, MAPS, SINGLE
from ..seeds import SPREAD, Estimate
from ..steps import make_step
from ..tiles import write_jpeg

TITLE = 'Table 4: strict PCP on Leeds Sports Pose'
PAPER_SETTING = 'paper, VGG-16, observer-centric'
CURVES, PICTURE = 'pck_curves.png', 'predictions_{}.jpg'
CONVENTION_NAMES = dict(oc='observer-centric', pc='person-centric')
_LADDER = (
    ('direct', None),
    ('stage1', 'direct'),
    ('stage2', 'stage1'),
    ('two_branch', 'stage2'),
    ('dfa', 'two_branch'),
    ('dfa', 'stage2'),
)
# (row, the row that it is compared with)
LADDER = tuple(
    (prefix + row, other and prefix + other)
    for prefix in ('', LOCAL, MAPS)
    for row, other in _LADDER
)
CASCADES = ('dfa', f'{LOCAL}dfa', f'{MAPS}dfa')
RIVALS = (
    *((row, head) for row in CASCADES[:2] for head in ('regression', 'rle')),
    *((f'{MAPS}{row}', 'heatmap') for row in ('two_branch', 'dfa')),
    (f'{MAPS}dfa', SINGLE),
)


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
    pairs = (*LADDER, *RIVALS)
    return write_report(
        results,
        TITLE,
        [
            main_section(results),
            section(
                'Step by step',
                steps_table(results, LADDER, 'rung'),
                'Mean strict PCP in percent. A step is the mean of the '
                f'differences seed by seed, ± {SPREAD}.',
            ),
            section(
                "Against MMPose's heads",
                steps_table(results, RIVALS, 'cascade'),
                'As above; the image passes of both stand in the first table.',
            ),
            curves_section(results),
            *(routing_section(results, name) for name in CASCADES),
            *(predictions_section(results, name) for name in CASCADES),
        ],
        dict(
            paper={
                name: dict(zip(STICKS, row)) for name, row in TABLE4.items()
            },
            ladder=[
                dict(
                    row=name,
                    before=before,
                    step=gain(results, name, before)._asdict(),
                )
                for name, before in pairs
            ],
        ),
        lambda each: {n: each.value(read) for n, read in READERS.items()},
    )


def gain(results: Results, name: str, before: Optional[str]) -> Estimate:
    """Points of mean strict PCP over another row, seed by seed."""
    return make_step(results, name, before or '', 'mean', MEAN).ours


def main_section(results: Results) -> str:
    """The paper's rows and ours."""
    columns = {
        **{name: results.cell(read) for name, read in READERS.items()},
        'networks trained': results.networks,
        **results.effort(),
    }
    blank = [''] * (len(columns) - len(STICKS))
    paper = [
        [f'{name} ({PAPER_SETTING})', *map(tables.number, printed), *blank]
        for name, printed in TABLE4.items()
    ]
    ours = [
        [
            results.label(row.name),
            *(cell(row.name) for cell in columns.values()),
        ]
        for row in results.rows
    ]
    return section(
        'Results',
        tables.table(('', *columns), [*paper, *ours]),
        'Percent. `seeds`: how many are in the row; with more than one, '
        f'the mean ± {SPREAD}. Columns up to `mean`: strict PCP. Networks '
        'trained, image passes (images times the networks that they went '
        'forward and backward through) and hours of training (iterations '
        'on the machine above, without validation and k-means) include '
        'those of the rows that a row starts from. '
        f'{labels_sentence(results)}',
    )


def labels_sentence(results: Results) -> str:
    """Whose left and right the numbers are about."""
    found = {
        CONVENTION_NAMES[run.cfg.test_dataloader.dataset.convention]
        for run in results.finished
    }
    return f'Labels of our rows: {" and ".join(sorted(found))}.' * bool(found)


def steps_table(results: Results, pairs: Iterable, first: str) -> str:
    """A line for each row and the one that it is compared with."""
    lines = []
    for name, before in pairs:
        if not (
            results.has_row(name) and (not before or results.has_row(before))
        ):
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


def curves_section(results: Results) -> str:
    """PCK over the distance, a line for each row."""
    names = results.present([row.name for row in results.rows])
    if not names:
        return ''
    first = next(iter(results.finished.values()))
    plot_curves(
        results.folder / CURVES,
        first.value('PCK/thresholds'),
        {
            results.row(name).label: np.mean(
                np.array(list(curves.values()), float), axis=0
            )
            for name in names
            if (curves := results.values(name, 'PCK/stages/final/curve'))
        },
        'distance in torso lengths',
        'PCK, mean over the seeds',
    )
    return section('PCK', picture('PCK over the distance of all rows', CURVES))


def routing_section(results: Results, name: str) -> str:
    """How a routed row's two branches share the pictures."""
    if not results.present([name]):
        return ''

    def share(branch: str):
        found = percent(f'PCP/strict/final/branch/{branch}/count')
        # a group without any sample is not in results.json
        return lambda each: (
            (found(each) or 0) / each.value('PCP/strict/final/count')
        )

    columns = {
        'share of the sticks': share,
        'mean strict PCP': lambda branch: percent(
            f'PCP/strict/final/branch/{branch}/mean'
        ),
    }
    lines = [
        [branch, *(results.cell(of(branch))(name) for of in columns.values())]
        for branch in BRANCHES
    ]
    return section(
        f'Routing of `{name}`', tables.table(('branch', *columns), lines)
    )


def predictions_section(results: Results, name: str) -> str:
    """The picture of a routed row's first seed, as JPEG."""
    finished = results.of_row(name)
    if not (finished and results.photographs):
        return ''
    seed = min(finished)
    sheet = cv2.imread(str(finished[seed].run.folder / 'predictions.png'))
    if sheet is None:
        return ''
    file = PICTURE.format(name)
    write_jpeg(results.folder / file, sheet[..., ::-1])
    return section(
        f'Predictions of `{name}`, seed {seed}',
        picture('Test pictures with the landmarks of every stage', file),
    )
