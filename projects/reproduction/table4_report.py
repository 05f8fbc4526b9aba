"""The report of Table 4: Markdown, JSON, curves and a picture."""

from functools import partial
from pathlib import Path
from typing import Optional

import cv2
import numpy as np

from dfa_mm.visualization import plot_curves

from . import markdown
from .paper import STICKS, TABLE4
from .record import write_json
from .report import (
    Finished,
    ReportInput,
    commands_section,
    frame,
    missing_section,
    our_json,
)
from .row import Row, lineage
from .seeds import SPREAD, Estimate, over_seeds, paired_difference

TITLE = 'Table 4: strict PCP on Leeds Sports Pose'
PAPER_SETTING = 'paper, VGG-16, observer-centric'
CURVES, PICTURE = 'pck_curves.png', 'predictions_{}.jpg'
CONVENTION_NAMES = dict(oc='observer-centric', pc='person-centric')
_JPEG_QUALITY = 85

DIRECT, STAGE1, STAGE2 = 'direct', 'stage1', 'stage2'
AVERAGED, ROUTED = 'two_branch', 'dfa'
# The cascades whose later stages see features round the previous landmarks,
# and the ones that read landmarks off maps.
LOCAL, MAPS = 'local_', 'maps_'
SINGLE = f'{MAPS}single'
_LADDER = (
    (DIRECT, None),
    (STAGE1, DIRECT),
    (STAGE2, STAGE1),
    (AVERAGED, STAGE2),
    (ROUTED, AVERAGED),
    (ROUTED, STAGE2),
)
# (row, the row that it is compared with)
LADDER = tuple(
    (prefix + row, other and prefix + other)
    for prefix in ('', LOCAL, MAPS)
    for row, other in _LADDER
)
CASCADES = (ROUTED, LOCAL + ROUTED, MAPS + ROUTED)
RIVALS = (
    *((row, head) for row in CASCADES[:2] for head in ('regression', 'rle')),
    *((MAPS + row, 'heatmap') for row in (AVERAGED, ROUTED)),
    (MAPS + ROUTED, SINGLE),
)


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and their pictures; returns the first."""
    report.folder.mkdir(parents=True, exist_ok=True)
    sections = [
        main_section(report),
        missing_section(report),
        ladder_section(report),
        rivals_section(report),
        curves_section(report),
        *(routing_section(report, name) for name in CASCADES),
        *(predictions_section(report, name) for name in CASCADES),
        commands_section(report),
    ]
    path = report.folder / 'report.md'
    path.write_text(frame(report, TITLE, filter(None, sections)))
    content = our_json(report, numbers)
    content['paper'] = {
        name: dict(zip(STICKS, row)) for name, row in TABLE4.items()
    }
    content['ladder'] = [
        dict(
            row=name, before=before, step=step(report, name, before)._asdict()
        )
        for name, before in (*LADDER, *RIVALS)
    ]
    write_json(report.folder / 'report.json', content)
    return path


def numbers(each: Finished) -> dict:
    """A run's percentages by the names of the table's columns."""
    metrics = each.metrics
    return {
        **strict_percent(metrics['PCP']['strict']['final']),
        'loose mean': percent(metrics['PCP']['loose']['final']['mean']),
        'PCK@0.2': percent(metrics['PCK']['stages']['final']['share']),
    }


def strict_percent(described: dict) -> dict:
    shares = {**described['group'], 'mean': described['mean']}
    return {name: percent(share) for name, share in shares.items()}


def percent(share: Optional[float]) -> Optional[float]:
    return None if share is None else 100 * share


def mean_pcp(each: Finished) -> Optional[float]:
    return numbers(each)['mean']


def step(report: ReportInput, name: str, before: Optional[str]) -> Estimate:
    """Points of mean strict PCP gained over another row, seed by seed."""
    if before is None:
        return over_seeds([])
    return paired_difference(
        report.values(name, mean_pcp), report.values(before, mean_pcp)
    )


def main_section(report: ReportInput) -> str:
    """The paper's rows and ours."""
    columns = (*STICKS, 'loose mean', 'PCK@0.2')
    effort = ('networks trained', 'image passes', 'hours', 'seeds')
    blank = [''] * (len(columns) - len(STICKS) + len(effort))
    rows = [
        [f'{name} ({PAPER_SETTING})', *map(markdown.number, printed), *blank]
        for name, printed in TABLE4.items()
    ]
    rows += [our_row(report, row, columns) for row in report.rows]
    return '\n\n'.join(
        [
            '## Results',
            markdown.table(('', *columns, *effort), rows),
            'Percent. `seeds`: how many are in the row; with more than one, '
            f'the mean ± {SPREAD}. Columns up to `mean`: strict PCP. Networks '
            'trained, image passes (images times the networks that they went '
            'forward and backward through) and hours of training (iterations '
            'on the machine above, without validation and k-means) include '
            'those of the rows that a row starts from. '
            f'{labels_sentence(report)}',
        ]
    )


def labels_sentence(report: ReportInput) -> str:
    """Whose left and right the numbers are about."""
    key = 'test_dataloader.dataset.convention'
    found = {each.record['settings'][key] for each in report.finished.values()}
    names = ' and '.join(sorted(CONVENTION_NAMES[each] for each in found))
    return f'Labels of our rows: {names}.' if names else ''


def our_row(report: ReportInput, row: Row, columns) -> list[str]:
    measured = [
        report.estimate(row.name, lambda each, key=key: numbers(each)[key])
        for key in columns
    ]
    networks = sum(each.networks for each in lineage(report.rows, row.name))
    return [
        f'{row.label} (`{row.name}`)',
        *map(markdown.estimate, measured),
        str(networks),
        markdown.thousands(report.image_passes(row.name).mean),
        markdown.estimate(report.hours(row.name), 2),
        str(len(report.of_row(row.name))),
    ]


def ladder_section(report: ReportInput) -> str:
    """What each of the paper's steps gains."""
    return '\n\n'.join(
        [
            '## Step by step',
            steps_table(report, LADDER, 'rung'),
            'Mean strict PCP in percent. A step is the mean of the '
            f'differences seed by seed, ± {SPREAD}.',
        ]
    )


def rivals_section(report: ReportInput) -> str:
    """The cascades against MMPose's heads of the same kind."""
    return '\n\n'.join(
        [
            "## Against MMPose's heads",
            steps_table(report, RIVALS, 'cascade'),
            'As above; the image passes of both stand in the first table.',
        ]
    )


def steps_table(report: ReportInput, pairs, first: str) -> str:
    """A line for each row and the one that it is compared with."""
    labels = {row.name: f'{row.label} (`{row.name}`)' for row in report.rows}
    rows = []
    for name, before in pairs:
        if name not in labels or (before and before not in labels):
            continue  # a scale need not have every cascade
        gained = step(report, name, before)
        rows.append(
            [
                labels[name],
                f'`{before}`' if before else '',
                markdown.estimate(report.estimate(name, mean_pcp)),
                markdown.estimate(gained, signed=True) if before else '',
                str(gained.count) if before else '',
            ]
        )
    header = (first, 'compared with', 'mean', 'step', 'seeds')
    return markdown.table(header, rows)


def curves_section(report: ReportInput) -> str:
    """PCK over the distance, a line for each row."""
    curves, thresholds = {}, None
    for row in report.rows:
        found = [
            each.metrics['PCK'] for each in report.of_row(row.name).values()
        ]
        if found:
            thresholds = found[0]['thresholds']
            lines = [pck['stages']['final']['curve'] for pck in found]
            curves[row.label] = np.array(lines, dtype=float).mean(axis=0)
    if not curves:
        return ''
    plot_curves(
        report.folder / CURVES,
        thresholds,
        curves,
        'distance in torso lengths',
        'PCK, mean over the seeds',
    )
    return f'## PCK\n\n![PCK over the distance of all rows]({CURVES})'


def routing_section(report: ReportInput, name: str) -> str:
    """How a routed row's two branches share the pictures."""
    if not report.of_row(name):
        return ''
    rows = [
        [
            branch,
            *(
                markdown.estimate(
                    report.estimate(name, partial(read, branch=branch))
                )
                for read in (branch_share, branch_pcp)
            ),
        ]
        for branch in ('easy', 'hard')
    ]
    header = ('branch', 'share of the sticks', 'mean strict PCP')
    return f'## Routing of `{name}`\n\n{markdown.table(header, rows)}'


def branch_share(each: Finished, branch: str) -> float:
    """Percent of all sticks that took a branch."""
    final = each.metrics['PCP']['strict']['final']
    return percent(_of_branch(final, branch)['count'] / final['count'])


def branch_pcp(each: Finished, branch: str) -> Optional[float]:
    """Mean strict PCP of what took a branch, in percent."""
    final = each.metrics['PCP']['strict']['final']
    return percent(_of_branch(final, branch)['mean'])


def _of_branch(final: dict, branch: str) -> dict:
    """A group without any sample is not in results.json."""
    return final['branch'].get(branch, dict(count=0, mean=None))


def predictions_section(report: ReportInput, name: str) -> str:
    """The picture of a routed row's first seed, as JPEG."""
    finished = report.of_row(name)
    if not (finished and report.photographs):
        return ''
    seed = min(finished)
    source = finished[seed].run.folder / 'predictions.png'
    picture = cv2.imread(str(source))
    if picture is None:
        return ''
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    file = PICTURE.format(name)
    cv2.imwrite(str(report.folder / file), picture, quality)
    return (
        f'## Predictions of `{name}`, seed {seed}\n\n'
        f'![Test pictures with the landmarks of every stage]({file})'
    )
