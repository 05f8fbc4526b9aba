"""Table 3: NE by subset of the test set."""

from pathlib import Path

from .. import numbers, rows
from ..paper import TABLE3
from ..plots import estimate_bars
from ..report import write_report
from ..results import Results
from ..sections import beside_the_paper, branches, set_sizes, whole_set
from ..steps import make_steps, steps_matrix, tally

ROWS = tuple(TABLE3)


def write(results: Results) -> Path:
    """report.md, report.json and the bars."""
    readers = {name: numbers.ne(name) for name in numbers.SUBSETS}
    steps = make_steps(results, rows.COMPARISONS['table3'], readers, TABLE3)
    series = {
        results.row(name).label: [
            results.estimate(name, reader) for reader in readers.values()
        ]
        for name in results.present(ROWS)
    }
    if series:
        plot = results.folder / 'subsets.png'
        estimate_bars(plot, numbers.SUBSETS, series, 'NE box')
    return write_report(
        results,
        dict(
            by_subset=beside_the_paper(results, TABLE3, numbers.SUBSETS),
            sizes=set_sizes(results),
            bars=bool(series),
            tally=tally(steps),
            steps=steps_matrix(results, steps, numbers.SUBSETS),
            whole_set=whole_set(results, ROWS),
            branches=branches(results, ('stage3_routed', rows.DFA)),
        ),
        dict(paper=TABLE3, steps=[step.as_json() for step in steps]),
        numbers.summary,
    )
