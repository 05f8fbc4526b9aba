"""Table 3: NE by subset of the test set."""

from pathlib import Path

from .. import numbers, rows
from ..paper import TABLE3, TABLE3_COLUMNS
from ..plots import estimate_bars
from ..report import picture, section, write_report
from ..results import Results
from ..sections import beside_the_paper, results_section, routing_section
from ..steps import RULE, make_steps, steps_matrix, tally

TITLE = 'Table 3: NE on poses and zoom-ins'
PLOT = 'subsets.png'
ROWS = tuple(TABLE3)
COMPARISONS = (
    (rows.SOFT1, rows.DIRECT1),
    (rows.DIRECT2, rows.SOFT1),
    (rows.OFFSET2, rows.DIRECT2),
    (rows.DIRECT3, rows.OFFSET2),
    (rows.ROUTED3, rows.DIRECT3),
    (rows.DFA, rows.ROUTED3),
)
PRINTED = {
    name: dict(zip(TABLE3_COLUMNS, values)) for name, values in TABLE3.items()
}


def write(results: Results) -> Path:
    """report.md, report.json and the bars."""
    readers = {name: numbers.ne(name) for name in numbers.SUBSETS}
    steps = make_steps(results, COMPARISONS, readers, PRINTED)
    return write_report(
        results,
        TITLE,
        [
            section(
                f'NE {numbers.PROTOCOL} by subset',
                beside_the_paper(results, PRINTED, numbers.SUBSETS),
                f'Test pictures: {sizes(results)}. A subset of few pictures '
                'has much noise of its own, which the spread over the seeds '
                'does not show.',
            ),
            plot_section(results),
            section(
                'Step by step',
                f'NE {numbers.PROTOCOL}; in brackets: as in the paper. '
                f'{tally(steps)}',
                steps_matrix(results, steps, numbers.SUBSETS),
                RULE,
            ),
            results_section(results, ROWS),
            routing_section(results, (rows.ROUTED3, rows.DFA)),
        ],
        dict(paper=PRINTED, steps=[step.as_json() for step in steps]),
        numbers.summary,
    )


def sizes(results: Results) -> str:
    """``normal 174, medium pose 0, ...``; the test set is every run's."""
    found = next(iter(results.finished.values()), None)
    if found is None:
        return 'not known yet'
    return ', '.join(
        f'{name} {numbers.count(found, name)}' for name in numbers.SUBSETS
    )


def plot_section(results: Results) -> str:
    series = {
        results.row(name).label: [
            results.estimate(name, numbers.ne(subset))
            for subset in numbers.SUBSETS
        ]
        for name in results.present(ROWS)
    }
    if not series:
        return ''
    estimate_bars(
        results.folder / PLOT,
        numbers.SUBSETS,
        series,
        f'NE {numbers.PROTOCOL}',
    )
    return section('The subsets', picture('NE of every row by subset', PLOT))
