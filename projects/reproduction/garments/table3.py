"""Table 3: NE by subset of the test set."""

from pathlib import Path

from ..paper import TABLE3, TABLE3_COLUMNS
from ..report import ReportInput
from ..seeds import over_seeds
from . import numbers, rows
from .plots import estimate_bars
from .scales import garment_experiment
from .sections import (
    beside_the_paper,
    finish,
    results_section,
    routing_section,
    verdict_section,
)
from .steps import Step, make_step, steps_matrix, tally

TITLE = 'Table 3: NE on poses and zoom-ins'
PLOT = 'subsets.png'
COMPARISONS = (
    (rows.STAGE1_SOFT, rows.STAGE1_DIRECT),
    (rows.STAGE2_DIRECT, rows.STAGE1_SOFT),
    (rows.STAGE2_OFFSET, rows.STAGE2_DIRECT),
    (rows.STAGE3_DIRECT, rows.STAGE2_OFFSET),
    (rows.STAGE3_ROUTED, rows.STAGE3_DIRECT),
    (rows.DFA, rows.STAGE3_ROUTED),
)
PRINTED = {
    name: dict(zip(TABLE3_COLUMNS, values)) for name, values in TABLE3.items()
}


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and the bars."""
    steps = make_steps(report)
    return finish(
        report,
        TITLE,
        [
            subsets_section(report),
            plot_section(report),
            verdict_section(
                'Step by step',
                [
                    f'NE {numbers.PROTOCOL}; in brackets: as in the paper. '
                    f'{tally(steps)}',
                    steps_matrix(report, steps, numbers.SUBSETS),
                ],
            ),
            results_section(report, rows.TABLE3_ROWS),
            routing_section(report, (rows.STAGE3_ROUTED, rows.DFA)),
        ],
        dict(paper=PRINTED, steps=[step.as_json() for step in steps]),
    )


def make_steps(report: ReportInput) -> list[Step]:
    return [
        make_step(
            report,
            row,
            before,
            subset,
            lambda each, subset=subset: subset_ne(each, subset),
            {name: known[subset] for name, known in PRINTED.items()},
        )
        for row, before in COMPARISONS
        for subset in numbers.SUBSETS
    ]


def subset_ne(each, subset: str):
    return numbers.group_ne(each, 'variation', subset)


def subsets_section(report: ReportInput) -> str:
    """The paper's lines and ours, and how large our subsets are."""
    return '\n\n'.join(
        [
            f'## NE {numbers.PROTOCOL} by subset',
            beside_the_paper(report, PRINTED, numbers.SUBSETS, subset_ne),
            f'Test pictures: {sizes(report)}. A subset of few pictures has '
            'much noise of its own, which the spread over the seeds does not '
            'show.',
        ]
    )


def sizes(report: ReportInput) -> str:
    """``normal 174, medium pose 0, ...``; the test set is every run's."""
    found = next(iter(report.finished.values()), None)
    if found is None:
        return 'not known yet'
    return ', '.join(
        f'{name} {numbers.group_count(found, "variation", name)}'
        for name in numbers.SUBSETS
    )


def plot_section(report: ReportInput) -> str:
    present = [name for name in rows.TABLE3_ROWS if report.of_row(name)]
    if not present:
        return ''
    words = {row.name: row.label for row in report.rows}
    estimate_bars(
        report.folder / PLOT,
        numbers.SUBSETS,
        {
            words[name]: [
                over_seeds(
                    subset_ne(each, subset)
                    for each in report.of_row(name).values()
                )
                for subset in numbers.SUBSETS
            ]
            for name in present
        },
        f'NE {numbers.PROTOCOL}',
    )
    return f'## The subsets\n\n![NE of every row by subset]({PLOT})'


EXPERIMENT = garment_experiment(
    'table3',
    'NE on garments by pose and zoom-in (Table 3)',
    rows.TABLE3_ROWS,
    write_report,
)
