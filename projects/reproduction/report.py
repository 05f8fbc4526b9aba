"""report.md and report.json of any experiment, from its template."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dfa_mm.files import write_json, write_text

from . import tables
from .record import difference
from .results import Finished, Results
from .seeds import SPREAD, over_seeds

UNTRIED = 'not finished'
_WORK_DIR = 'WORK_DIR'
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name('templates')),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701  Markdown
)


def write_report(
    results: Results,
    parts: Mapping,
    more: Optional[Mapping] = None,
    summary: Optional[Callable[[Finished], dict]] = None,
    circumstances: str = '',
) -> Path:
    """Write report.md and report.json; returns the first.

    Args:
        results (Results): What the report is made from; its experiment names
            the template.
        parts (Mapping): Tables and words that the template puts together.
        more (Mapping, optional): For the JSON.
        summary (Callable, optional): Of a finished run to its numbers for the
            JSON; None if the report is not about trainings.
        circumstances (str): In place of seeds and machines, if there is no
            training.
    """
    trained = summary is not None
    missing = missing_runs(results) if trained else []
    command = command_text(results, results.command)
    text = _TEMPLATES.get_template(f'{results.experiment}.md.j2').render(
        results=results,
        note=results.note if trained else '',
        date=today(),
        circumstances=circumstances or seeds_and_machines(results),
        command=command,
        trained=trained,
        missing=missing,
        environment=[
            command_text(results, [f'{name}={value}'])
            for name, value in results.environment.items()
        ],
        runs=commands(results) if trained else [],
        SPREAD=SPREAD,
        **parts,
    )
    path = results.folder / 'report.md'
    write_text(path, re.sub(r'\n{3,}', '\n\n', text).strip() + '\n')
    content = dict(
        experiment=results.experiment,
        scale=results.scale,
        date=today(),
        command=command,
    )
    if trained:
        content.update(rows=rows_json(results, summary), missing=missing)
    write_json(results.folder / 'report.json', {**content, **(more or {})})
    return path


def seeds_and_machines(results: Results) -> str:
    seeds, machines = results.seeds, {}
    for each in results.finished.values():
        machines.update(dict.fromkeys(each.record['hardware']))
    return (
        f'seed{"s" * (len(seeds) > 1)} {", ".join(map(str, seeds))}, '
        f'trained on {" and ".join(machines) or "nothing yet"}'
    )


def missing_runs(results: Results) -> list[str]:
    """The runs without a result, one line each, and doubtful ones."""
    lines = []
    for run in results.runs:
        where = f'`{run.row.name}`, seed {run.seed}'
        if run not in results.finished:
            lines.append(f'{where}: {results.states.get(run, UNTRIED)}')
        elif found := difference(run):
            found = ' '.join(without_place(results, found).split())
            lines.append(f'{where}: not what this call would train: {found}')
    return lines


def commands(results: Results) -> list[dict]:
    """Each finished run's own command and hours."""
    return [
        dict(
            name=run.row.name,
            seed=run.seed,
            hours=tables.number(each.hours, 2),
            command=command_text(results, each.record['command']),
        )
        for run, each in results.finished.items()
    ]


def rows_json(results: Results, summary: Callable) -> dict:
    """Every run's numbers and what its training took."""
    found = {}
    for row in results.rows:
        runs = results.of_row(row.name)
        numbers = {seed: summary(each) for seed, each in runs.items()}
        keys = next(iter(numbers.values()), {})
        found[row.name] = dict(
            label=row.label,
            over_seeds={
                key: over_seeds(n[key] for n in numbers.values())._asdict()
                for key in keys
            },
            seeds={
                seed: dict(numbers=numbers[seed], **effort(results, each))
                for seed, each in runs.items()
            },
        )
    return found


def effort(results: Results, each: Finished) -> dict:
    return dict(
        training=each.record['training'],
        cumulative=dict(
            hours=results.cumulative_hours(each),
            image_passes=results.cumulative(each, 'image_passes'),
        ),
        hardware=each.record['hardware'],
        dfa_mm=each.record['dfa_mm'],
        command=command_text(results, each.record['command']),
    )


def command_text(results: Results, command: Sequence[str]) -> str:
    return shlex.join(without_place(results, word) for word in command)


def without_place(results: Results, text: str) -> str:
    """Without what lies on this machine only, a path above the work dir."""
    above = rf'(^|[=\s])/[^=\s]*/(?={results.group}/{results.scale}/)'
    return re.sub(above, rf'\1{_WORK_DIR}/', text)


def today() -> str:
    return datetime.now(timezone.utc).strftime('%Y-%m-%d')
