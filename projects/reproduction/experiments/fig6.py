"""Fig. 6: PDL at 15 pixels by subset of the test set."""

from collections.abc import Callable
from pathlib import Path

from .. import numbers, rows, tables
from ..claims import Claim, above, claims_table
from ..plots import estimate_bars
from ..report import write_report
from ..results import Results
from ..sections import rivals, set_sizes, whole_set
from ..steps import make_step

CLAIMS = (
    Claim(
        'the detection rate of the normal poses is just above 70 %',
        above('normal', 0.7),
    ),
)
PDL = {name: numbers.pdl(name) for name in numbers.SUBSETS}


def write(results: Results) -> Path:
    """report.md, report.json and the bars."""
    shares = {name: results.cell(reader, 3) for name, reader in PDL.items()}
    ahead = {name: advantage(results, name) for name in PDL}
    series = {
        rows.SHORT[system]: [
            results.estimate(system, reader) for reader in PDL.values()
        ]
        for system in results.present(rows.SYSTEMS)
    }
    if series:
        plot = results.folder / 'pdl_subsets.png'
        estimate_bars(plot, numbers.SUBSETS, series, 'PDL@15')
    return write_report(
        results,
        dict(
            shares=tables.by_name(rows.SYSTEMS, shares, results.label),
            bars=bool(series),
            sizes=set_sizes(results),
            advantage=tables.by_name(rows.RIVALS, ahead, results.label),
            claims=claims_table(results, CLAIMS),
            whole_set=whole_set(results, rows.SYSTEMS),
            **rivals(results, rows.RIVALS),
        ),
        summary=numbers.summary,
    )


def advantage(results: Results, subset: str) -> Callable[[str], str]:
    """A column: by how much DFA is ahead of a rival."""

    def cell(rival: str) -> str:
        step = make_step(results, rows.DFA, rival, subset, PDL[subset])
        text = tables.estimate(step.ours, 3, signed=True)
        return f'**{text}**' if step.certain else text

    return cell
