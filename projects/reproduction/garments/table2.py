"""Table 2: the ladder of the cascade, NE by landmark."""

from pathlib import Path

from ..paper import TABLE2, TABLE2_COLUMNS
from ..report import ReportInput
from . import numbers, rows
from .plots import estimate_lines
from .scales import garment_experiment
from .sections import (
    PAPER,
    beside_the_paper,
    finish,
    printed_estimates,
    results_section,
    rivals_section,
    routing_section,
    verdict_section,
)
from .steps import Step, make_step, steps_matrix, steps_table, tally

TITLE = 'Table 2: what each part of the cascade brings'
PLOT = 'ladder.png'
COLUMNS = (*numbers.LANDMARKS, numbers.MEAN)
ROWS = (*rows.LADDER, rows.STAGE1_AUTO, rows.STAGE3_HALF, rows.TRIPLE)
# Of regressing cascades; maps are local as they are.
LOCAL = (rows.STAGE2_LOCAL, rows.STAGE3_LOCAL)
# The row, and what the paper's text or table compares it with.
COMPARISONS = (
    (rows.STAGE1_NO_VISIBILITY, rows.STAGE1_DIRECT),
    (rows.STAGE1_HARD, rows.STAGE1_DIRECT),
    (rows.STAGE1_SOFT, rows.STAGE1_DIRECT),
    (rows.STAGE1_SOFT, rows.STAGE1_HARD),
    (rows.STAGE1_AUTO, rows.STAGE1_DIRECT),
    (rows.STAGE1_AUTO, rows.STAGE1_SOFT),
    (rows.STAGE2_DIRECT, rows.STAGE1_SOFT),
    (rows.STAGE2_ABSOLUTE, rows.STAGE2_DIRECT),
    (rows.STAGE2_OFFSET, rows.STAGE2_DIRECT),
    (rows.STAGE2_OFFSET, rows.STAGE2_ABSOLUTE),
    (rows.STAGE3_DIRECT, rows.STAGE2_OFFSET),
    (rows.STAGE3_TWO_BRANCH, rows.STAGE3_DIRECT),
    (rows.STAGE3_ROUTED, rows.STAGE3_DIRECT),
    (rows.STAGE3_ROUTED, rows.STAGE3_TWO_BRANCH),
    (rows.STAGE3_OFFSET, rows.STAGE3_ROUTED),
    (rows.DFA, rows.STAGE3_ROUTED),
    (rows.DFA, rows.STAGE3_OFFSET),
    (rows.STAGE3_HALF, rows.STAGE3_DIRECT),
    (rows.STAGE3_ROUTED, rows.STAGE3_HALF),
    (rows.STAGE2_LOCAL, rows.STAGE2_OFFSET),
    (rows.STAGE3_LOCAL, rows.STAGE2_LOCAL),
    (rows.STAGE3_LOCAL, rows.DFA),
)
PRINTED = {
    name: dict(zip(TABLE2_COLUMNS, values)) for name, values in TABLE2.items()
}
_AVERAGES = (
    "The paper's averages of `stage2_direct` and of the last two rows are not "
    'the means of their columns. Its table is of garments with six landmarks; '
    'ours is of all that the test set has.'
)


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and the ladder's picture."""
    known = {row.name for row in report.rows}
    steps = [
        make_step(report, row, before, column, _reader(column), _paper(column))
        for row, before in COMPARISONS
        if known.issuperset((row, before))
        for column in COLUMNS
    ]
    means = [step for step in steps if step.column == numbers.MEAN]
    return finish(
        report,
        TITLE,
        [
            results_section(report, (*ROWS, *LOCAL)),
            plot_section(report),
            landmarks_section(report),
            verdict_section(
                'Step by step',
                [
                    f'Mean NE {numbers.PROTOCOL}. {tally(means)}',
                    steps_table(report, means),
                ],
            ),
            steps_by_landmark(report, steps),
            rivals_section(report, (rows.STAGE1_DIRECT, rows.TRIPLE)),
            routing_section(report, rows.ROUTED),
        ],
        dict(paper=PRINTED, steps=[step.as_json() for step in steps]),
    )


def _reader(column: str):
    return lambda each: numbers.landmark_ne(each, column)


def _paper(column: str) -> dict[str, float]:
    """The printed numbers of one column by row."""
    return {
        name: known[column]
        for name, known in PRINTED.items()
        if column in known
    }


def landmarks_section(report: ReportInput) -> str:
    table = beside_the_paper(report, PRINTED, COLUMNS, numbers.landmark_ne)
    return '\n\n'.join(
        [f'## NE {numbers.PROTOCOL} by landmark', table, _AVERAGES]
    )


def steps_by_landmark(report: ReportInput, steps: list[Step]) -> str:
    table = steps_matrix(report, steps, numbers.LANDMARKS)
    return '\n\n'.join(
        [
            '## Step by step, by landmark',
            table,
            'In brackets: as in the paper. The paper has no waistlines here.',
        ]
    )


def plot_section(report: ReportInput) -> str:
    """The ladder's means, ours and the paper's."""
    ours = [report.estimate(name, numbers.mean_ne) for name in rows.LADDER]
    estimate_lines(
        report.folder / PLOT,
        rows.LADDER,
        {
            f'ours, NE {numbers.PROTOCOL}': ours,
            PAPER: printed_estimates(_paper(numbers.MEAN), rows.LADDER),
        },
        'NE',
    )
    return f"## The ladder\n\n![Ours and the paper's mean NE by row]({PLOT})"


EXPERIMENT = garment_experiment(
    'table2',
    'NE on garments, what each part of the cascade brings (Table 2)',
    ROWS,
    write_report,
    optional=LOCAL,
)
