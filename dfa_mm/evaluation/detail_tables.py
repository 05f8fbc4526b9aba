"""More of a report for the terminal: the tail of the errors, the states."""

from collections.abc import Iterator

from rich.table import Table

from .records import FINAL
from .tables import number_table
from .tail import GROSS_ERROR


def detail_tables(report: dict) -> Iterator[Table]:
    """What there is of the tables below.

    Args:
        report (dict): Of :func:`dfa_mm.evaluation.collect_report`.
    """
    if 'NE' in report:
        for state in ('visible', 'occluded'):
            yield tail_table(report, state)
    if 'visibility' in report:
        yield visibility_table(report)
        yield confusion_table(report)


def tail_table(report: dict, state: str) -> Table:
    """NE box of the landmarks of a state, of ``NormalizedError``'s tails.

    One row per stage, then one per clothes type and landmark, after the last
    stage.
    """
    rows = {
        name: described['tail'][state]
        for name, described in _stages_and_types(report['NE']['box']).items()
    }
    rows.update(report['NE']['box'][FINAL]['tail'][state]['landmark'])
    headings = {
        'mean': 'mean',
        'median': 'median',
        'p90': '90 %',
        'gross': f'> {GROSS_ERROR:g}',
        'count': 'landmarks',
    }
    return _of_rows(f'NE box, {state} landmarks', headings, rows)


def visibility_table(report: dict) -> Table:
    """Recall of every state beside the accuracy, by stage and clothes type."""
    rows = {
        name: {**described['recall'], **described}
        for name, described in _stages_and_types(
            report['visibility']['stages']
        ).items()
    }
    states = {state: state for state in report['visibility']['states']}
    headings = dict(accuracy='right', **states, ece='ECE', count='landmarks')
    title = 'Visibility: share told right, and of every true state'
    return _of_rows(title, headings, rows)


def confusion_table(report: dict) -> Table:
    """How often each true state is taken for which, after the last stage."""
    states = report['visibility']['states']
    counts = report['visibility']['stages'][FINAL]['confusion']
    rows = {
        truth: dict(zip(states, row)) for truth, row in zip(states, counts)
    }
    headings = {state: f'told {state}' for state in states}
    return _of_rows(f'True states, {FINAL}', headings, rows)


def _stages_and_types(stages: dict) -> dict[str, dict]:
    return {**stages, **stages[FINAL]['clothes_type']}


def _of_rows(title: str, headings: dict, rows: dict[str, dict]) -> Table:
    columns = {
        heading: {name: numbers[key] for name, numbers in rows.items()}
        for key, heading in headings.items()
    }
    return number_table(title, '', columns)
