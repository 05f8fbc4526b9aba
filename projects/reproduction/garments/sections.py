"""Parts of several reports on garments."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Callable, Optional

from .. import markdown
from ..record import write_json
from ..report import (
    ReportInput,
    commands_section,
    frame,
    missing_section,
    our_json,
)
from ..row import Row, lineage
from ..seeds import SPREAD, Estimate
from . import numbers
from .rows import DFA
from .steps import DIGITS, RULE, make_step

PAPER = 'paper (VGG-16, FLD)'
PROTOCOL_SENTENCE = (
    f'NE {numbers.PROTOCOL}: x and y by the width and height of the box, '
    'visible landmarks; NE image: by those of the picture; NE square: by the '
    "box's long side. The paper divides by the picture's size or by its "
    'crop, which its text leaves open.'
)


def finish(
    report: ReportInput,
    title: str,
    sections: Iterable[str],
    more: Optional[Mapping] = None,
    summary: Callable = numbers.summary,
) -> Path:
    """Write report.md and report.json; returns the first.

    What is missing stands at the beginning, the commands at the end.
    """
    report.folder.mkdir(parents=True, exist_ok=True)
    parts = [missing_section(report), *sections, commands_section(report)]
    path = report.folder / 'report.md'
    path.write_text(frame(report, title, filter(None, parts)))
    content = {**our_json(report, summary), **(more or {})}
    write_json(report.folder / 'report.json', content)
    return path


def results_section(report: ReportInput, names: Iterable[str]) -> str:
    """Every row's numbers over the whole test set, and what it took."""
    rows = {row.name: row for row in report.rows}
    lines = [_result(report, rows[name]) for name in names if name in rows]
    header = (
        *('', *(f'NE {name}' for name in numbers.PROTOCOLS), 'PDL@15'),
        *('visibility', 'networks trained', 'image passes', 'hours', 'seeds'),
    )
    return '\n\n'.join(
        [
            '## Results',
            markdown.table(header, lines),
            f'{PROTOCOL_SENTENCE} PDL@15: share of the landmarks within 15 '
            'pixels of a crop whose box has a long side of 224. With several '
            f'seeds the mean ± {SPREAD}. Networks, image passes (pictures '
            'times the networks that they went forward and backward through) '
            'and hours of training include those of the rows that a row '
            'starts from.',
        ]
    )


def _result(report: ReportInput, row: Row) -> list[str]:
    def estimate(read: Callable, digits: int) -> str:
        return markdown.estimate(report.estimate(row.name, read), digits)

    networks = sum(each.networks for each in lineage(report.rows, row.name))
    return [
        f'{row.label} (`{row.name}`)',
        *(
            estimate(partial(numbers.mean_ne, protocol=name), DIGITS)
            for name in numbers.PROTOCOLS
        ),
        estimate(numbers.pdl_share, 3),
        estimate(numbers.visibility_accuracy, 3),
        str(networks),
        markdown.thousands(report.image_passes(row.name).mean),
        markdown.estimate(report.hours(row.name), 2),
        str(len(report.of_row(row.name))),
    ]


def beside_the_paper(
    report: ReportInput,
    printed: Mapping[str, Mapping[str, float]],
    columns: Sequence[str],
    read: Callable,
) -> str:
    """Two lines per row, the paper's and ours.

    Args:
        report (ReportInput): Gives ours.
        printed (Mapping): Row to column to the paper's number.
        columns (Sequence[str]): In order; the paper need not have all.
        read (Callable): Of a finished run and a column to ours.
    """
    lines = []
    for name, known in printed.items():
        paper = [markdown.number(known.get(column), 3) for column in columns]
        ours = [
            markdown.estimate(
                report.estimate(name, lambda e, c=column: read(e, c)), DIGITS
            )
            for column in columns
        ]
        lines += [
            [report.label(name), PAPER, *paper],
            ['', 'ours', *ours],
        ]
    return markdown.table(('', '', *columns), lines)


def printed_estimates(
    known: Mapping[str, float], names: Iterable[str]
) -> list[Estimate]:
    """The paper's numbers as estimates without a spread."""
    return [Estimate(known.get(name), None, 1) for name in names]


def rivals_section(report: ReportInput, rivals: Iterable[str]) -> str:
    """The whole cascade against other systems, seed by seed."""
    present = [
        name for name in rivals if any(r.name == name for r in report.rows)
    ]
    lines = []
    for name in present:
        ne = make_step(report, DFA, name, 'NE', numbers.mean_ne)
        pdl = make_step(report, DFA, name, 'PDL', numbers.pdl_share)
        lines.append(
            [
                report.label(name),
                markdown.thousands(report.image_passes(name).mean),
                markdown.estimate(ne.ours, DIGITS, signed=True),
                markdown.estimate(pdl.ours, 3, signed=True),
                str(ne.ours.count),
            ]
        )
    header = (
        *('rival', 'image passes', f'NE {numbers.PROTOCOL}, DFA - rival'),
        *('PDL@15, DFA - rival', 'seeds'),
    )
    passes = markdown.thousands(report.image_passes(DFA).mean)
    return '\n\n'.join(
        [
            '## DFA against its rivals',
            markdown.table(header, lines),
            f'Mean of the differences seed by seed, ± {SPREAD}. DFA itself '
            f'makes {passes} image passes. Less NE and more PDL are better: '
            'DFA is ahead where the first difference is negative and the '
            'second positive.',
        ]
    )


def routing_section(report: ReportInput, names: Iterable[str]) -> str:
    """How the routed rows' branches share the test pictures."""
    lines = [
        [report.label(name), branch, *_branch_cells(report, name, branch)]
        for name in names
        if report.of_row(name)
        for branch in numbers.BRANCHES
    ]
    if not lines:
        return ''
    header = ('', 'branch', 'share of the pictures', f'NE {numbers.PROTOCOL}')
    return f'## Routing\n\n{markdown.table(header, lines)}'


def _branch_cells(report: ReportInput, name: str, branch: str) -> list[str]:
    def share(each) -> float:
        count = numbers.group_count(each, 'branch', branch)
        return count / numbers.ne(each)['count']

    def error(each) -> Optional[float]:
        return numbers.group_ne(each, 'branch', branch)

    return [
        markdown.estimate(report.estimate(name, share), 3),
        markdown.estimate(report.estimate(name, error), DIGITS),
    ]


def verdict_section(title: str, tables: Iterable[str]) -> str:
    return '\n\n'.join([f'## {title}', *tables, RULE])
