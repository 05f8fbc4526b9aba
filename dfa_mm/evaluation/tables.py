"""Reports as tables for the terminal."""

from collections.abc import Iterable
from typing import Callable

from rich.table import Table

from .metrics.records import FINAL

_MISSING = '-'


def results_table(report: dict) -> Table:
    """One row per stage: NE by protocol, PDL, visibility accuracy.

    Args:
        report (dict): Of :func:`dfa_mm.evaluation.collect_report`; what it
            lacks has no column.
    """
    columns = _columns(report)
    stages = _names_in_order(described for described, _, _ in columns.values())
    table = _new_table('Results by stage', 'stage', columns)
    for stage in stages:
        cells = [
            _number(described.get(stage, {}).get(key))
            for described, key, _ in columns.values()
        ]
        table.add_row(stage, *cells)
    return table


def landmark_table(report: dict, stage: str = FINAL) -> Table:
    """One row per landmark, the same columns, after one stage."""
    columns = _columns(report)
    values = {
        name: {
            landmark: pick(value)
            for landmark, value in described[stage]['landmark'].items()
        }
        for name, (described, _, pick) in columns.items()
        if stage in described
    }
    table = _new_table(f'Landmarks, {stage}', 'landmark', values)
    for landmark in _names_in_order(values.values()):
        cells = [_number(column.get(landmark)) for column in values.values()]
        table.add_row(landmark, *cells)
    return table


def _columns(report: dict) -> dict[str, tuple[dict, str, Callable]]:
    """Heading to: stages, key of the overall number, reader of a landmark."""
    columns = {
        f'NE {protocol}': (stages, 'mean', lambda number: number)
        for protocol, stages in report.get('NE', {}).items()
    }
    if report.get('PDL'):
        heading = f'PDL@{report["PDL"]["threshold"]:g}'
        columns[heading] = (
            report['PDL']['stages'],
            'share',
            lambda numbers: numbers['share'],
        )
    if report.get('visibility'):
        columns['visibility'] = (
            report['visibility']['stages'],
            'accuracy',
            lambda number: number,
        )
    return columns


def _new_table(title: str, first: str, columns: Iterable[str]) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify='right')
    return table


def _names_in_order(tables: Iterable[dict]) -> list[str]:
    return list(dict.fromkeys(name for table in tables for name in table))


def _number(value) -> str:
    return _MISSING if value is None else f'{value:.4f}'
