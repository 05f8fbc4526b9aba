"""Parts of several reports on garments."""

from collections.abc import Iterable, Mapping, Sequence

from . import numbers, tables
from .report import section
from .results import Results
from .rows import DFA
from .seeds import DIGITS, SPREAD
from .steps import make_step

PAPER = 'paper (VGG-16, FLD)'
PROTOCOL_SENTENCE = (
    f'NE {numbers.PROTOCOL}: x and y by the width and height of the box, '
    'visible landmarks; NE image: by those of the picture; NE square: by the '
    "box's long side. The paper divides by the picture's size or by its "
    'crop, which its text leaves open.'
)


def results_section(results: Results, names: Iterable[str]) -> str:
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
    return section(
        'Results',
        tables.by_name(filter(results.has_row, names), columns, results.label),
        f'{PROTOCOL_SENTENCE} PDL@15: share of the landmarks within 15 '
        'pixels of a crop whose box has a long side of 224. With several '
        f'seeds the mean ± {SPREAD}. Networks, image passes (pictures '
        'times the networks that they went forward and backward through) '
        'and hours of training include those of the rows that a row '
        'starts from.',
    )


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
    lines = []
    for name, known in printed.items():
        paper = [tables.number(known.get(column), 3) for column in columns]
        ours = [
            results.cell(numbers.ne(column), DIGITS)(name)
            for column in columns
        ]
        lines += [
            [results.label(name), PAPER, *paper],
            ['', 'ours', *ours],
        ]
    return tables.table(('', '', *columns), lines)


def rivals_section(results: Results, rivals: Iterable[str]) -> str:
    """The whole cascade against other systems, seed by seed."""

    def ahead(reader: str, digits: int):
        return lambda name: tables.estimate(
            make_step(results, DFA, name, '', reader).ours, digits, True
        )

    def seeds(name: str) -> str:
        step = make_step(results, DFA, name, '', numbers.MEAN_NE)
        return str(step.ours.count)

    columns = {
        'image passes': results.image_passes,
        f'NE {numbers.PROTOCOL}, DFA - rival': ahead(numbers.MEAN_NE, DIGITS),
        'PDL@15, DFA - rival': ahead(numbers.PDL, 3),
        'seeds': seeds,
    }
    return section(
        'DFA against its rivals',
        tables.by_name(
            filter(results.has_row, rivals), columns, results.label, 'rival'
        ),
        f'Mean of the differences seed by seed, ± {SPREAD}. DFA itself '
        f'makes {results.image_passes(DFA)} image passes. Less NE and more '
        'PDL are better: DFA is ahead where the first difference is negative '
        'and the second positive.',
    )


def routing_section(results: Results, names: Sequence[str]) -> str:
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
    if not lines:
        return ''
    header = ('', 'branch', 'share of the pictures', f'NE {numbers.PROTOCOL}')
    return section('Routing', tables.table(header, lines))
