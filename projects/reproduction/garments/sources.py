"""What the training data is worth: real, synthetic, both, self-labelled.

And one stage against the cascade for as many iterations. All are tested on
the same real photographs, garments lying flat and garments worn, each in its
box and in the whole picture.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Optional

from .. import markdown
from ..report import Finished, ReportInput
from ..row import Experiment
from ..seeds import SPREAD
from . import numbers
from . import source_rows as rows
from .plots import estimate_bars
from .sections import finish
from .source_sheet import sheet_section
from .steps import DIGITS, NOISE, ONE_SEED, Step, make_step

TITLE = 'What the training data is worth'
PLOT = 'sources.png'
BEST_BY = 'worn box'
VIEWS = ('flat box', 'flat whole', BEST_BY, 'worn whole')
# Of mean NE box; the second where only synthetic pictures are trained on.
GOALS = {
    'flat box': 0.03,
    'flat whole': 0.05,
    'worn box': 0.06,
    'worn whole': 0.09,
}
SYNTHETIC_GOALS = {'flat box': 0.10}
COMPARISONS = (
    (rows.SYNTHETIC, rows.DRAWN),
    (rows.SYNTHETIC, rows.REAL),
    (rows.BOTH, rows.REAL),
    (rows.SELF, rows.BOTH),
    (rows.SELF, rows.REAL),
    (rows.CASCADE2, rows.REAL),
    (rows.CASCADE, rows.CASCADE2),
    (rows.SINGLE, rows.REAL),
    (rows.CASCADE, rows.SINGLE),
)
# Landmarks and clothes types.
GROUPS = {
    **{n: partial(numbers.landmark_ne, name=n) for n in numbers.LANDMARKS},
    **{
        name: partial(numbers.group_ne, grouping='clothes_type', name=name)
        for name in numbers.TYPES
    },
}
BETTER, WORSE = 'better', 'worse'
REACHED = 'reached'


def write_report(report: ReportInput) -> Path:
    """report.md, report.json, the bars and the sheet."""
    report.folder.mkdir(parents=True, exist_ok=True)
    steps = [
        make_step(report, row, before, view, in_view(numbers.mean_ne, view))
        for row, before in COMPARISONS
        for view in VIEWS
    ]
    best = best_row(report)
    return finish(
        report,
        TITLE,
        [
            results_section(report),
            goals_section(report),
            steps_section(report, steps),
            data_section(report),
            plot_section(report),
            others_section(report),
            *(groups_section(report, view) for view in VIEWS),
            sheet_section(report, best) if best and report.photographs else '',
        ],
        dict(
            goals=dict(all=GOALS, synthetic_only=SYNTHETIC_GOALS),
            steps=[
                dict(step.as_json(), ours_is=judge(step)) for step in steps
            ],
        ),
        summary,
    )


def in_view(read: Callable, view: str) -> Callable:
    """``read``, which takes a finished run, of one view's metrics alone."""
    return lambda each: read(
        replace(each, metrics=each.metrics['datasets'][view])
    )


def type_known(each: Finished) -> Optional[float]:
    """Share of garments of which all is known that they have and lack."""
    return each.metrics['presence'].get('garments')


def summary(each: Finished) -> dict:
    """What goes into report.json: every view's numbers by flat name."""
    found = {}
    for view in VIEWS:
        for name, value in in_view(_view_summary, view)(each).items():
            found[f'{view}, {name}'] = value
    return found


def _view_summary(each: Finished) -> dict:
    return {
        'NE box': numbers.mean_ne(each),
        **{f'NE box {name}': read(each) for name, read in GROUPS.items()},
        'PDL@15': numbers.pdl_share(each),
        'visibility': numbers.visibility_accuracy(each),
        'type known': type_known(each),
    }


def best_row(report: ReportInput) -> Optional[str]:
    """With the least mean error on worn garments; None without any run."""
    means = {
        row.name: report.estimate(
            row.name, in_view(numbers.mean_ne, BEST_BY)
        ).mean
        for row in report.rows
    }
    known = {name: mean for name, mean in means.items() if mean is not None}
    return min(known, key=known.get, default=None)


def results_section(report: ReportInput) -> str:
    lines = [
        [
            report.label(row.name),
            *_cells(report, row.name, numbers.mean_ne, DIGITS),
            markdown.thousands(report.image_passes(row.name).mean),
            markdown.estimate(report.hours(row.name), 2),
            str(len(report.of_row(row.name))),
        ]
        for row in report.rows
    ]
    header = ('', *VIEWS, 'image passes', 'hours', 'seeds')
    return '\n\n'.join(
        [
            '## Results',
            markdown.table(header, lines),
            f'Mean NE {numbers.PROTOCOL} (visible landmarks, x and y by the '
            "box's width and height) on the test splits of real photographs, "
            'garments lying flat and garments worn; `box`: the true box is '
            'given, `whole`: the whole picture in its place. With several '
            f'seeds the mean ± {SPREAD}. Image passes and hours of training '
            'include those of the rows that a row starts from. The mixtures '
            f'make equally many, and so do `{rows.CASCADE}` and '
            f'`{rows.SINGLE}`.',
        ]
    )


def goals_section(report: ReportInput) -> str:
    limits = ', '.join(f'{view} {limit}' for view, limit in GOALS.items())
    lines = [
        [f'`{row.name}`', *(verdict(report, row.name, v) for v in VIEWS)]
        for row in report.rows
    ]
    return '\n\n'.join(
        [
            '## Goals',
            markdown.table(('', *VIEWS), lines),
            f'Mean over the seeds of at most: {limits}; for '
            f'{" and ".join(f"`{n}`" for n in rows.SYNTHETIC_ONLY)} flat box '
            f'{SYNTHETIC_GOALS["flat box"]:.2f}.',
        ]
    )


def goal(name: str, view: str) -> Optional[float]:
    """Of a row in a view."""
    goals = SYNTHETIC_GOALS if name in rows.SYNTHETIC_ONLY else GOALS
    return goals.get(view)


def verdict(report: ReportInput, name: str, view: str) -> str:
    """``reached`` or ``missed by 0.0021``."""
    limit = goal(name, view)
    mean = report.estimate(name, in_view(numbers.mean_ne, view)).mean
    if limit is None or mean is None:
        return markdown.MISSING
    if mean <= limit:
        return REACHED
    return f'missed by {markdown.number(mean - limit, DIGITS)}'


def judge(step: Step) -> str:
    """Which of the two rows is better, if that is beyond the noise."""
    if step.ours.mean is None:
        return markdown.MISSING
    if step.ours.count == 1:
        return ONE_SEED
    if not step.certain:
        return NOISE
    return BETTER if step.ours.mean < 0 else WORSE


def steps_section(report: ReportInput, steps: list[Step]) -> str:
    cells: dict[tuple, list] = {}
    for step in steps:
        change = markdown.estimate(step.ours, DIGITS, signed=True)
        answer = judge(step)
        cell = change if answer == markdown.MISSING else f'{change} ({answer})'
        cells.setdefault((step.row, step.before), []).append(cell)
    lines = [
        [report.label(row), f'`{before}`', *found]
        for (row, before), found in cells.items()
    ]
    return '\n\n'.join(
        [
            '## Step by step',
            markdown.table(('', 'compared with', *VIEWS), lines),
            f'Mean of the differences of NE seed by seed, ± {SPREAD}; less is '
            'better. A difference is beyond the noise if it has the same sign '
            'for every seed and is larger than its spread. `cascade` and '
            '`single` make equally many image passes; steps from `real` to '
            'them are longer trainings, too.',
        ]
    )


def data_section(report: ReportInput) -> str:
    """The mixtures, and how many pictures there are to draw from."""
    lines = [
        [f'`{row.name}`', *_shares(report, row.name)] for row in report.rows
    ]
    lines.append(['pictures', *map(_pictures, rows.SOURCES)])
    header = ('', *(source.label for source in rows.SOURCES))
    return '\n\n'.join(
        [
            '## Training data',
            markdown.table(header, lines),
            'Shares of the pictures of an epoch in percent; each epoch draws '
            'anew. Composites are cut out of the training photographs of both '
            f'real sets, SynthFLD is not: of these rows only `{rows.DRAWN}` '
            'has seen no photograph of theirs (its backbone is from '
            'ImageNet). Self-labels are those of a model that was trained on '
            'the real sets.',
        ]
    )


def _shares(report: ReportInput, name: str) -> list[str]:
    found = next(iter(report.of_row(name).values()), None)
    settings = {} if found is None else found.record['settings']
    shares = settings.get('train_dataloader.dataset.shares', ())
    percent = {
        source: f'{100 * share / sum(shares):.1f}'
        for source, share in zip(rows.TRAINED_ON[name], shares)
    }
    return [percent.get(each, markdown.MISSING) for each in rows.SOURCES]


def _pictures(source: rows.Source) -> str:
    path = source.annotations('train')
    if not path.exists():
        return markdown.MISSING
    return markdown.thousands(len(json.loads(path.read_text())['annotations']))


def plot_section(report: ReportInput) -> str:
    present = [row for row in report.rows if report.of_row(row.name)]
    if not present:
        return ''
    series = {
        row.label: [
            report.estimate(row.name, in_view(numbers.mean_ne, view))
            for view in VIEWS
        ]
        for row in present
    }
    estimate_bars(
        report.folder / PLOT, VIEWS, series, f'NE {numbers.PROTOCOL}'
    )
    return f'## The rows side by side\n\n![Mean NE of every row]({PLOT})'


def others_section(report: ReportInput) -> str:
    """PDL, visibility and the garment's type."""
    parts = ['## Other measures']
    for title, read in (
        ('PDL@15, share within 15 pixels of a crop of 224', numbers.pdl_share),
        (
            'Accuracy of visibility, visible, occluded or truncated',
            numbers.visibility_accuracy,
        ),
        (
            'Share of the garments of which it is known exactly which '
            'landmarks they have',
            type_known,
        ),
    ):
        lines = [
            [f'`{row.name}`', *_cells(report, row.name, read, 3)]
            for row in report.rows
        ]
        parts += [f'{title}:', markdown.table(('', *VIEWS), lines)]
    return '\n\n'.join(parts)


def groups_section(report: ReportInput, view: str) -> str:
    """NE of one view by landmark and by clothes type."""
    lines = [
        [
            f'`{row.name}`',
            *(
                markdown.estimate(
                    report.estimate(row.name, in_view(read, view)), DIGITS
                )
                for read in GROUPS.values()
            ),
        ]
        for row in report.rows
    ]
    header = ('', *GROUPS)
    return '\n\n'.join(
        [
            f'## NE {numbers.PROTOCOL} by landmark and clothes type, {view}',
            markdown.table(header, lines),
        ]
    )


def _cells(
    report: ReportInput, name: str, read: Callable, digits: int
) -> list[str]:
    """An estimate for every view."""
    return [
        markdown.estimate(report.estimate(name, in_view(read, view)), digits)
        for view in VIEWS
    ]


EXPERIMENT = Experiment(
    name='sources',
    help='what real, synthetic and self-labelled training data are worth',
    scales=rows.SCALES,
    default_scale='small',
    write_report=write_report,
)
