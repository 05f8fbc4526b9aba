"""Table 2: the ladder of the cascade, NE by landmark."""

from pathlib import Path

from .. import numbers, rows
from ..paper import TABLE2
from ..plots import estimate_lines
from ..report import write_report
from ..results import Results
from ..sections import beside_the_paper, branches, rivals, whole_set
from ..seeds import Estimate
from ..steps import make_steps, steps_matrix, steps_table, tally

COLUMNS = (*numbers.LANDMARKS, numbers.MEAN)
ROWS = (*rows.LADDER, 'stage1_auto', 'stage3_half', 'direct_triple')


def write(results: Results) -> Path:
    """report.md, report.json and the ladder's picture."""
    readers = {column: numbers.ne(column) for column in COLUMNS}
    steps = make_steps(results, rows.COMPARISONS['table2'], readers, TABLE2)
    means = [step for step in steps if step.column == numbers.MEAN]
    draw_ladder(results)
    return write_report(
        results,
        dict(
            whole_set=whole_set(results, (*ROWS, *rows.LOCAL)),
            by_landmark=beside_the_paper(results, TABLE2, COLUMNS),
            tally=tally(means),
            steps=steps_table(results, means),
            steps_by_landmark=steps_matrix(results, steps, numbers.LANDMARKS),
            branches=branches(results, rows.ROUTED),
            **rivals(results, ('stage1_direct', 'direct_triple')),
        ),
        dict(paper=TABLE2, steps=[step.as_json() for step in steps]),
        numbers.summary,
    )


def draw_ladder(results: Results) -> None:
    """The ladder's means, ours and the paper's."""
    ours = [results.estimate(name, numbers.MEAN_NE) for name in rows.LADDER]
    paper = [
        Estimate(TABLE2[name][numbers.MEAN], None, 1) for name in rows.LADDER
    ]
    estimate_lines(
        results.folder / 'ladder.png',
        rows.LADDER,
        {'ours, NE box': ours, 'paper (VGG-16, FLD)': paper},
        'NE',
    )
