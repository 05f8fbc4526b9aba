"""Reports as tables for the terminal."""

from collections.abc import Iterable
from typing import Optional

from rich.table import Table

from .pcp import VARIANTS
from .records import FINAL


def results_table(report: dict) -> Table:
    """One row per stage: NE by protocol, PDL, PCP, PCK, visibility accuracy.

    Args:
        report (dict): Of :func:`dfa_mm.evaluation.collect_report`; what it
            lacks has no column.
    """
    columns = {
        heading: {stage: each[key] for stage, each in stages.items()}
        for heading, (stages, key) in _columns(report).items()
    }
    return number_table('Results by stage', 'stage', columns)


def landmark_table(report: dict) -> Table:
    """One row per landmark, the same columns, after the last stage."""
    columns = {}
    for heading, (stages, key) in _columns(report).items():
        found = stages[FINAL].get('landmark')
        if found is not None:
            columns[heading] = {
                name: each[key] if isinstance(each, dict) else each
                for name, each in found.items()
            }
    return number_table(f'Landmarks, {FINAL}', 'landmark', columns)


def stick_table(report: dict) -> Table:
    """Strict PCP, one row per stage, in percent as Table 4 prints it.

    Args:
        report (dict): Of :func:`dfa_mm.evaluation.collect_report`, with PCP.
    """
    columns = {}
    for stage, each in report['PCP']['strict'].items():
        for name, share in {**each['group'], 'mean': each['mean']}.items():
            percent = None if share is None else 100 * share
            columns.setdefault(name, {})[stage] = percent
    title = f'Strict PCP@{report["PCP"]["threshold"]:g}, percent'
    return number_table(title, 'stage', columns, digits=1)


def _columns(report: dict) -> dict[str, tuple[dict, str]]:
    """Heading to stages and the key of the number to show."""
    columns = {
        f'NE {protocol}': (stages, 'mean')
        for protocol, stages in report.get('NE', {}).items()
    }
    for name in ('PDL', 'PCK'):
        if name in report:
            heading = f'{name}@{report[name]["threshold"]:g}'
            columns[heading] = (report[name]['stages'], 'share')
    if 'PCP' in report:
        for variant in VARIANTS:
            columns[f'PCP {variant}'] = (report['PCP'][variant], 'mean')
    if 'visibility' in report:
        stages = report['visibility']['stages']
        columns['visibility'] = (stages, 'accuracy')
    return columns


def number_table(
    title: str, first: str, columns: dict[str, dict], digits: int = 4
) -> Table:
    """A row for each name that a column has; "-" where there is no number.

    Whole numbers are shown as such.
    """
    table = Table(title=title)
    table.add_column(first)
    for heading in columns:
        table.add_column(heading, justify='right')
    for name in _names_in_order(columns.values()):
        numbers = [column.get(name) for column in columns.values()]
        table.add_row(name, *(_cell(number, digits) for number in numbers))
    return table


def _cell(number: Optional[float], digits: int) -> str:
    if number is None:
        return '-'
    return f'{number}' if isinstance(number, int) else f'{number:.{digits}f}'


def _names_in_order(columns: Iterable[dict]) -> list[str]:
    return list(dict.fromkeys(name for column in columns for name in column))
