"""Reports as tables for the terminal."""

from collections.abc import Iterable
from typing import Callable

from rich.table import Table

from .metrics.pcp import VARIANTS
from .metrics.records import FINAL

_MISSING = '-'


def results_table(report: dict) -> Table:
    """One row per stage: NE by protocol, PDL, PCP, PCK, visibility accuracy.

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
        if 'landmark' in described.get(stage, {})
    }
    table = _new_table(f'Landmarks, {stage}', 'landmark', values)
    for landmark in _names_in_order(values.values()):
        cells = [_number(column.get(landmark)) for column in values.values()]
        table.add_row(landmark, *cells)
    return table


def stick_table(report: dict) -> Table:
    """Strict PCP, one row per stage, in percent as Table 4 prints it.

    Args:
        report (dict): Of :func:`dfa_mm.evaluation.collect_report`, with PCP.
    """
    rows = {
        stage: {**each['group'], 'mean': each['mean']}
        for stage, each in report['PCP']['strict'].items()
    }
    title = f'Strict PCP@{report["PCP"]["threshold"]:g}, percent'
    columns = _names_in_order(rows.values())
    table = _new_table(title, 'stage', columns)
    for stage, shares in rows.items():
        table.add_row(stage, *(_percent(shares[name]) for name in columns))
    return table


def _columns(report: dict) -> dict[str, tuple[dict, str, Callable]]:
    """Heading to: stages, key of the overall number, reader of a landmark."""
    columns = {
        f'NE {protocol}': (stages, 'mean', _itself)
        for protocol, stages in report.get('NE', {}).items()
    }
    for name in ('PDL', 'PCK'):
        if report.get(name):
            heading = f'{name}@{report[name]["threshold"]:g}'
            columns[heading] = (report[name]['stages'], 'share', _share)
    if report.get('PCP'):
        for variant in VARIANTS:
            stages = report['PCP'][variant]
            columns[f'PCP {variant}'] = (stages, 'mean', _itself)
    if report.get('visibility'):
        stages = report['visibility']['stages']
        columns['visibility'] = (stages, 'accuracy', _itself)
    return columns


def _itself(number):
    return number


def _share(numbers: dict):
    return numbers['share']


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


def _percent(share) -> str:
    return _MISSING if share is None else f'{100 * share:.1f}'
