"""Tables of several reports on garments."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from . import numbers, tables
from .results import Results
from .rows import DFA
from .seeds import DIGITS
from .steps import make_step


def whole_set(results: Results, names: Iterable[str]) -> str:
    """Every row's numbers over the whole test set, and what it took."""
    columns = {
        **{
            f'NE {name}': results.cell(numbers.mean_ne(name), DIGITS)
            for name in numbers.PROTOCOLS
        },
        'PDL@15': results.cell(numbers.PDL, 3),
        'visibility': results.cell(numbers.VISIBILITY, 3),
        'networks trained': results.networks,
        **results.effort(),
    }
    known = filter(results.has_rows, names)
    return tables.by_name(known, columns, results.label)


def beside_the_paper(
    results: Results,
    printed: Mapping[str, Mapping[str, float]],
    columns: Sequence[str],
) -> str:
    """Two lines per row, the paper's NE and ours.

    Args:
        results (Results): Gives ours.
        printed (Mapping): Row to column to the paper's number.
        columns (Sequence[str]): In order; the paper need not have all.
    """
    cells = [results.cell(numbers.ne(column), DIGITS) for column in columns]
    lines = []
    for name, known in printed.items():
        paper = [tables.number(known.get(column), 3) for column in columns]
        lines += [
            [results.label(name), 'paper (VGG-16, FLD)', *paper],
            ['', 'ours', *(cell(name) for cell in cells)],
        ]
    return tables.table(('', '', *columns), lines)


def rivals(results: Results, names: Iterable[str]) -> dict[str, str]:
    """The whole cascade against other systems, seed by seed."""

    def ahead(reader: str, digits: int) -> Callable[[str], str]:
        return lambda name: tables.estimate(
            make_step(results, DFA, name, '', reader).ours, digits, True
        )

    def seeds(name: str) -> str:
        step = make_step(results, DFA, name, '', numbers.MEAN_NE)
        return str(step.ours.count)

    columns = {
        'image passes': results.image_passes,
        'NE box, DFA - rival': ahead(numbers.MEAN_NE, DIGITS),
        'PDL@15, DFA - rival': ahead(numbers.PDL, 3),
        'seeds': seeds,
    }
    known = filter(results.has_rows, names)
    table = tables.by_name(known, columns, results.label, 'rival')
    return dict(rivals=table, passes=results.image_passes(DFA))


def branches(results: Results, names: Sequence[str]) -> str:
    """How the routed rows' branches share the test pictures."""

    def share(branch: str):
        return lambda each: (
            numbers.count(each, branch) / each.value('NE/box/final/count')
        )

    lines = [
        [
            results.label(name),
            branch,
            results.cell(share(branch), 3)(name),
            results.cell(numbers.ne(branch), DIGITS)(name),
        ]
        for name in results.present(names)
        for branch in numbers.BRANCHES
    ]
    header = ('', 'branch', 'share of the pictures', 'NE box')
    return tables.table(header, lines) if lines else ''


def set_sizes(results: Results) -> str:
    """``normal 174, medium pose 0, ...``; the test set is every run's."""
    found = next(iter(results.finished.values()), None)
    if found is None:
        return 'not known yet'
    return ', '.join(
        f'{name} {numbers.count(found, name)}' for name in numbers.SUBSETS
    )
