"""Table 2: the ladder of the cascade, NE by landmark."""

from pathlib import Path

from .. import numbers, rows
from ..paper import TABLE2, TABLE2_COLUMNS
from ..plots import estimate_lines
from ..report import picture, section, write_report
from ..results import Results
from ..sections import (
    PAPER,
    beside_the_paper,
    results_section,
    rivals_section,
    routing_section,
)
from ..seeds import Estimate
from ..steps import RULE, Step, make_steps, steps_matrix, steps_table, tally

TITLE = 'Table 2: what each part of the cascade brings'
PLOT = 'ladder.png'
COLUMNS = (*numbers.LANDMARKS, numbers.MEAN)
ROWS = (*rows.LADDER, rows.AUTO1, rows.HALF3, rows.TRIPLE)
LOCAL = (rows.LOCAL2, rows.LOCAL3)
# The row, and what the paper's text or table compares it with.
COMPARISONS = (
    (rows.NO_VISIBILITY1, rows.DIRECT1),
    (rows.HARD1, rows.DIRECT1),
    (rows.SOFT1, rows.DIRECT1),
    (rows.SOFT1, rows.HARD1),
    (rows.AUTO1, rows.DIRECT1),
    (rows.AUTO1, rows.SOFT1),
    (rows.DIRECT2, rows.SOFT1),
    (rows.ABSOLUTE2, rows.DIRECT2),
    (rows.OFFSET2, rows.DIRECT2),
    (rows.OFFSET2, rows.ABSOLUTE2),
    (rows.DIRECT3, rows.OFFSET2),
    (rows.BOTH3, rows.DIRECT3),
    (rows.ROUTED3, rows.DIRECT3),
    (rows.ROUTED3, rows.BOTH3),
    (rows.OFFSET3, rows.ROUTED3),
    (rows.DFA, rows.ROUTED3),
    (rows.DFA, rows.OFFSET3),
    (rows.HALF3, rows.DIRECT3),
    (rows.ROUTED3, rows.HALF3),
    (rows.LOCAL2, rows.OFFSET2),
    (rows.LOCAL3, rows.LOCAL2),
    (rows.LOCAL3, rows.DFA),
)
PRINTED = {
    name: dict(zip(TABLE2_COLUMNS, values)) for name, values in TABLE2.items()
}
_AVERAGES = (
    "The paper's averages of `stage2_direct` and of the last two rows are not "
    'the means of their columns. Its table is of garments with six landmarks; '
    'ours is of all that the test set has.'
)


def write(results: Results) -> Path:
    """report.md, report.json and the ladder's picture."""
    readers = {column: numbers.ne(column) for column in COLUMNS}
    steps = make_steps(results, COMPARISONS, readers, PRINTED)
    draw_ladder(results)
    return write_report(
        results,
        TITLE,
        [
            results_section(results, (*ROWS, *LOCAL)),
            section(
                'The ladder',
                picture("Ours and the paper's mean NE by row", PLOT),
            ),
            section(
                f'NE {numbers.PROTOCOL} by landmark',
                beside_the_paper(results, PRINTED, COLUMNS),
                _AVERAGES,
            ),
            means_section(results, steps),
            section(
                'Step by step, by landmark',
                steps_matrix(results, steps, numbers.LANDMARKS),
                'In brackets: as in the paper. The paper has no waistlines '
                'here.',
            ),
            rivals_section(results, (rows.DIRECT1, rows.TRIPLE)),
            routing_section(results, rows.ROUTED),
        ],
        dict(paper=PRINTED, steps=[step.as_json() for step in steps]),
        numbers.summary,
    )


def means_section(results: Results, steps: list[Step]) -> str:
    means = [step for step in steps if step.column == numbers.MEAN]
    return section(
        'Step by step',
        f'Mean NE {numbers.PROTOCOL}. {tally(means)}',
        steps_table(results, means),
        RULE,
    )


def draw_ladder(results: Results) -> None:
    """The ladder's means, ours and the paper's."""
    ours = [results.estimate(name, numbers.MEAN_NE) for name in rows.LADDER]
    paper = [
        Estimate(PRINTED[name][numbers.MEAN], None, 1) for name in rows.LADDER
    ]
    estimate_lines(
        results.folder / PLOT,
        rows.LADDER,
        {f'ours, NE {numbers.PROTOCOL}': ours, PAPER: paper},
        'NE',
    )
