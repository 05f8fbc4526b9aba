"""Fig. 6: PDL at 15 pixels by subset of the test set."""

from pathlib import Path

from .. import numbers, rows, tables
from ..claims import Claim, above, claims_table
from ..plots import estimate_bars
from ..report import picture, section, write_report
from ..results import Results
from ..sections import results_section, rivals_section
from ..steps import make_step
from .table3 import sizes

TITLE = 'Fig. 6: PDL at 15 pixels on poses and zoom-ins'
PLOT = 'pdl_subsets.png'
CLAIMS = (
    Claim(
        'the detection rate of the normal poses is just above 70 %',
        above('normal', 0.7),
    ),
)


def write(results: Results) -> Path:
    """report.md, report.json and the bars."""
    return write_report(
        results,
        TITLE,
        [
            bars_section(results),
            section(
                "DFA's advantage",
                tables.by_name(
                    rows.RIVALS,
                    {name: advantage(results, name) for name in PDL},
                    results.label,
                ),
                'PDL@15 of DFA minus that of the rival, seed by seed; in bold '
                'where it has the same sign for every seed and is larger than '
                'its spread. The paper finds the advantage largest on medium '
                'poses and zoom-ins; its bars are not printed as numbers.',
            ),
            section('What the paper says', claims_table(results, CLAIMS)),
            results_section(results, rows.SYSTEMS),
            rivals_section(results, rows.RIVALS),
        ],
        summary=numbers.summary,
    )


PDL = {name: numbers.pdl(name) for name in numbers.SUBSETS}


def bars_section(results: Results) -> str:
    """Bars, and the same as a table."""
    columns = {name: results.cell(reader, 3) for name, reader in PDL.items()}
    series = {
        rows.SHORT[system]: [
            results.estimate(system, reader) for reader in PDL.values()
        ]
        for system in results.present(rows.SYSTEMS)
    }
    if series:
        estimate_bars(results.folder / PLOT, tuple(PDL), series, 'PDL@15')
    return section(
        'PDL@15 by subset',
        tables.by_name(rows.SYSTEMS, columns, results.label),
        picture('PDL@15 of every system by subset', PLOT) if series else '',
        f'Test pictures: {sizes(results)}.',
    )


def advantage(results: Results, subset: str):
    """A column: by how much DFA is ahead of a rival."""

    def cell(rival: str) -> str:
        step = make_step(results, rows.DFA, rival, subset, PDL[subset])
        text = tables.estimate(step.ours, 3, signed=True)
        return f'**{text}**' if step.certain else text

    return cell
