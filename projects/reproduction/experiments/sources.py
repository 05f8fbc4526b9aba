"""What the training data is worth: real, synthetic, both, self-labelled.

And one stage against the cascade for as many iterations. All are tested on
the same real photographs, garments lying flat and garments worn, each in its
box and in the whole picture.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Optional

from .. import numbers, rows, tables
from ..plots import estimate_bars
from ..report import picture, section, write_report
from ..results import Finished, Results
from ..scales import SOURCES, Source
from ..seeds import DIGITS, MISSING, NOISE, ONE_SEED, SPREAD
from ..steps import Step, make_steps, steps_matrix
from .worn_sheet import sheet_section

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
SYNTHETIC_ONLY = (rows.DRAWN, rows.SYNTHETIC)
COMPARISONS = (
    (rows.SYNTHETIC, rows.DRAWN),
    (rows.SYNTHETIC, rows.REAL),
    (rows.MIXED, rows.REAL),
    (rows.SELF, rows.MIXED),
    (rows.SELF, rows.REAL),
    (rows.CASCADE2, rows.REAL),
    (rows.CASCADE, rows.CASCADE2),
    (rows.ALONE, rows.REAL),
    (rows.CASCADE, rows.ALONE),
)
GROUPS = (*numbers.LANDMARKS, *numbers.TYPES)
BETTER, WORSE = 'better', 'worse'
# Share of garments of which all is known that they have and lack.
TYPE_KNOWN = 'presence/garments'
MEASURES = {
    'PDL@15, share within 15 pixels of a crop of 224': numbers.PDL,
    'Accuracy of visibility, visible, occluded or '
    'truncated': numbers.VISIBILITY,
    'Share of the garments of which it is known exactly which landmarks they '
    'have': TYPE_KNOWN,
}


def write(results: Results) -> Path:
    """report.md, report.json, the bars and the sheet."""
    steps = make_steps(
        results, COMPARISONS, {v: in_view(numbers.MEAN_NE, v) for v in VIEWS}
    )
    best = best_row(results) if results.photographs else None
    return write_report(
        results,
        TITLE,
        [
            results_section(results),
            goals_section(results),
            section(
                'Step by step',
                steps_matrix(results, steps, VIEWS, judge),
                f'Mean of the differences of NE seed by seed, ± {SPREAD}; '
                'less is better. A difference is beyond the noise if it has '
                'the same sign for every seed and is larger than its spread. '
                '`cascade` and `single` make equally many image passes; steps '
                'from `real` to them are longer trainings, too.',
            ),
            data_section(results),
            plot_section(results),
            others_section(results),
            *(groups_section(results, view) for view in VIEWS),
            sheet_section(results, best) if best else '',
        ],
        dict(
            goals=dict(all=GOALS, synthetic_only=SYNTHETIC_GOALS),
            steps=[
                dict(step.as_json(), ours_is=judge(step)) for step in steps
            ],
        ),
        summary,
    )


def in_view(path: str, view: str) -> str:
    """Where one view's metrics have it."""
    return f'datasets/{view}/{path}'


def summary(each: Finished) -> dict:
    """What goes into report.json: every view's numbers by flat name."""
    readers = {
        'NE box': numbers.MEAN_NE,
        **{f'NE box {name}': numbers.ne(name) for name in GROUPS},
        'PDL@15': numbers.PDL,
        'visibility': numbers.VISIBILITY,
        'type known': TYPE_KNOWN,
    }
    return {
        f'{view}, {name}': each.value(in_view(path, view))
        for view in VIEWS
        for name, path in readers.items()
    }


def best_row(results: Results) -> Optional[str]:
    """With the least mean error on worn garments; None without any run."""
    reader = in_view(numbers.MEAN_NE, BEST_BY)
    means = {
        row.name: results.estimate(row.name, reader).mean
        for row in results.rows
    }
    known = {name: mean for name, mean in means.items() if mean is not None}
    return min(known, key=known.get, default=None)


def view_columns(
    results: Results, path: str, digits: int
) -> dict[str, Callable[[str], str]]:
    return {view: results.cell(in_view(path, view), digits) for view in VIEWS}


def results_section(results: Results) -> str:
    columns = {
        **view_columns(results, numbers.MEAN_NE, DIGITS),
        **results.effort(),
    }
    return section(
        'Results',
        tables.by_name(names(results), columns, results.label),
        f'Mean NE {numbers.PROTOCOL} (visible landmarks, x and y by the '
        "box's width and height) on the test splits of real photographs, "
        'garments lying flat and garments worn; `box`: the true box is '
        'given, `whole`: the whole picture in its place. With several '
        f'seeds the mean ± {SPREAD}. Image passes and hours of training '
        'include those of the rows that a row starts from. The mixtures '
        f'make equally many, and so do `{rows.CASCADE}` and `{rows.ALONE}`.',
    )


def names(results: Results) -> list[str]:
    return [row.name for row in results.rows]


def goals_section(results: Results) -> str:
    limits = ', '.join(f'{view} {limit}' for view, limit in GOALS.items())
    columns = {view: goal_verdict(results, view) for view in VIEWS}
    return section(
        'Goals',
        tables.by_name(names(results), columns, tables.code),
        f'Mean over the seeds of at most: {limits}; for '
        f'{" and ".join(map(tables.code, SYNTHETIC_ONLY))} flat box '
        f'{SYNTHETIC_GOALS["flat box"]:.2f}.',
    )


def goal_verdict(results: Results, view: str) -> Callable[[str], str]:
    """A row's ``reached`` or ``missed by 0.0021``."""

    def cell(name: str) -> str:
        goals = SYNTHETIC_GOALS if name in SYNTHETIC_ONLY else GOALS
        mean = results.estimate(name, in_view(numbers.MEAN_NE, view)).mean
        if view not in goals or mean is None:
            return MISSING
        if mean <= goals[view]:
            return 'reached'
        return f'missed by {mean - goals[view]:.{DIGITS}f}'

    return cell


def judge(step: Step) -> str:
    """Which of the two rows is better, if that is beyond the noise."""
    if step.ours.mean is None:
        return MISSING
    if step.ours.count == 1:
        return ONE_SEED
    if not step.certain:
        return NOISE
    return BETTER if step.ours.mean < 0 else WORSE


def data_section(results: Results) -> str:
    """The mixtures, and how many pictures there are to draw from."""
    lines = [
        [tables.code(name), *shares(results, name)] for name in names(results)
    ]
    lines.append(['pictures', *map(pictures, SOURCES)])
    return section(
        'Training data',
        tables.table(('', *(source.label for source in SOURCES)), lines),
        'Shares of the pictures of an epoch in percent; each epoch draws '
        'anew. Composites are cut out of the training photographs of both '
        f'real sets, SynthFLD is not: of these rows only `{rows.DRAWN}` '
        'has seen no photograph of theirs (its backbone is from '
        'ImageNet). Self-labels are those of a model that was trained on '
        'the real sets.',
    )


def shares(results: Results, name: str) -> list[str]:
    """Percent of every source, as the row's config has them."""
    run = next(run for run in results.runs if run.row.name == name)
    mixture = run.cfg.train_dataloader.dataset
    percent = {
        part.data_root: f'{100 * share / sum(mixture.shares):.1f}'
        for part, share in zip(mixture.datasets, mixture.shares)
    }
    return [percent.get(source.root, MISSING) for source in SOURCES]


def pictures(source: Source) -> str:
    path = Path(source.root) / 'annotations/fld_all_train.json'
    if not path.exists():
        return MISSING
    return tables.thousands(len(json.loads(path.read_text())['annotations']))


def plot_section(results: Results) -> str:
    series = {
        results.row(name).label: [
            results.estimate(name, in_view(numbers.MEAN_NE, view))
            for view in VIEWS
        ]
        for name in results.present(names(results))
    }
    if not series:
        return ''
    estimate_bars(
        results.folder / PLOT, VIEWS, series, f'NE {numbers.PROTOCOL}'
    )
    return section(
        'The rows side by side', picture('Mean NE of every row', PLOT)
    )


def others_section(results: Results) -> str:
    """PDL, visibility and the garment's type."""
    parts = []
    for title, path in MEASURES.items():
        columns = view_columns(results, path, 3)
        parts += [
            f'{title}:',
            tables.by_name(names(results), columns, tables.code),
        ]
    return section('Other measures', *parts)


def groups_section(results: Results, view: str) -> str:
    """NE of one view by landmark and by clothes type."""
    columns = {
        name: results.cell(in_view(numbers.ne(name), view), DIGITS)
        for name in GROUPS
    }
    return section(
        f'NE {numbers.PROTOCOL} by landmark and clothes type, {view}',
        tables.by_name(names(results), columns, tables.code),
    )
