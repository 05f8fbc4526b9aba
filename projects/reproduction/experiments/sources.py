"""What the training data is worth: real, synthetic, both, self-labelled.

And one stage against the cascade for as many iterations. All are tested on
the same real photographs, garments lying flat and garments worn, each in its
box and in the whole picture.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Optional

from .. import numbers, rows, tables
from ..plots import estimate_bars
from ..report import write_report
from ..results import Finished, Results
from ..scales import source_folders
from ..seeds import DIGITS, MISSING, NOISE, ONE_SEED
from ..steps import Step, make_steps, steps_matrix
from .worn_sheet import write_sheet

BEST_BY = 'worn box'
VIEWS = ('flat box', 'flat whole', BEST_BY, 'worn whole')
# Of mean NE box; the second where only synthetic pictures are trained on.
GOALS = dict(zip(VIEWS, (0.03, 0.05, 0.06, 0.09)))
SYNTHETIC_GOALS = {'flat box': 0.10}
SYNTHETIC_ONLY = ('drawn', 'synthetic')
GROUPS = (*numbers.LANDMARKS, *numbers.TYPES)
BETTER, WORSE = 'better', 'worse'
# Share of garments of which all is known that they have and lack.
TYPE_KNOWN = 'presence/garments'


def write(results: Results) -> Path:
    """report.md, report.json, the bars and the sheet."""
    ne = {view: in_view(numbers.MEAN_NE, view) for view in VIEWS}
    steps = make_steps(results, rows.COMPARISONS['sources'], ne)
    goals = {view: goal_verdict(results, view) for view in VIEWS}
    series = {
        results.row(name).label: [
            results.estimate(name, reader) for reader in ne.values()
        ]
        for name in results.present(results.names)
    }
    if series:
        plot = results.folder / 'sources.png'
        estimate_bars(plot, VIEWS, series, 'NE box')
    return write_report(
        results,
        dict(
            table=view_table(
                *(results, numbers.MEAN_NE, DIGITS, results.label),
                results.effort(),
            ),
            goals=tables.by_name(results.names, goals, tables.code),
            limits=GOALS,
            synthetic_limit=SYNTHETIC_GOALS['flat box'],
            steps=steps_matrix(results, steps, VIEWS, judge, first=''),
            mixtures=mixtures(results),
            bars=bool(series),
            pdl=view_table(results, numbers.PDL, 3),
            visibility=view_table(results, numbers.VISIBILITY, 3),
            type_known=view_table(results, TYPE_KNOWN, 3),
            groups={view: groups_table(results, view) for view in VIEWS},
            sheet=write_sheet(results, best_row(results)),
        ),
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
    means = {n: results.estimate(n, reader).mean for n in results.names}
    known = {name: mean for name, mean in means.items() if mean is not None}
    return min(known, key=known.get, default=None)


def view_table(
    results: Results,
    path: str,
    digits: int,
    label: Callable[[str], str] = tables.code,
    more: Optional[dict] = None,
) -> str:
    """A number of every row in every view."""
    columns = {
        view: results.cell(in_view(path, view), digits) for view in VIEWS
    }
    return tables.by_name(results.names, {**columns, **(more or {})}, label)


def groups_table(results: Results, view: str) -> str:
    """NE of one view by landmark and by clothes type."""
    columns = {
        name: results.cell(in_view(numbers.ne(name), view), DIGITS)
        for name in GROUPS
    }
    return tables.by_name(results.names, columns, tables.code)


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


def mixtures(results: Results) -> str:
    """Of what the rows are trained on, and how many pictures there are."""
    folders = source_folders()
    lines = [
        [tables.code(name), *shares(results, name, folders.values())]
        for name in results.names
    ]
    lines.append(['pictures', *map(pictures, folders.values())])
    return tables.table(('', *folders), lines)


def shares(results: Results, name: str, folders: Iterable[str]) -> list[str]:
    """Percent of every source, of a row that is trained."""
    found = next(iter(results.of_row(name).values()), None)
    left, cells = [], []
    if found is not None:
        mixture = found.run.cfg.train_dataloader.dataset
        roots = [part.data_root for part in mixture.datasets]
        left = list(zip(roots, mixture.shares))
        total = sum(mixture.shares)
    for folder in folders:
        # at scale smoke one drawn set stands for all of them
        part = next((each for each in left if each[0] == folder), None)
        if part is not None:
            left.remove(part)
        cells.append(f'{100 * part[1] / total:.1f}' if part else MISSING)
    return cells


def pictures(folder: str) -> str:
    path = Path(folder) / 'annotations/fld_all_train.json'
    if not path.exists():
        return MISSING
    return tables.thousands(len(json.loads(path.read_text())['annotations']))
