"""What the reports of all experiments share: what there is, and its frame."""

import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Callable, Optional

from rich.console import Console

from . import markdown
from .record import (
    RESULTS,
    complete_record,
    differences,
    is_done,
    read_record,
)
from .row import Row
from .run import Run
from .scheduler import State
from .seeds import Estimate, over_seeds

HOUR = 3600.0
UNTRIED = 'not finished'
_WORK_DIR = 'WORK_DIR'


@dataclass(frozen=True)
class Finished:
    """What a finished run left: row.json and the metrics of results.json."""

    run: Run
    record: dict
    metrics: dict

    @classmethod
    def read(cls, run: Run) -> Optional['Finished']:
        if read_record(run.folder) is None or not is_done(run):
            return None
        results = json.loads((run.folder / RESULTS).read_text())
        return cls(run, complete_record(run), results['metrics'])


@dataclass(frozen=True)
class ReportInput:
    """Everything that a report is made from.

    Args:
        experiment (str): Its name.
        scale (str): Its scale's name.
        rows (Sequence[Row]): All of the scale's, missing ones too.
        runs (Sequence[Run]): All rows with all seeds.
        folder (Path): Where the report goes.
        command (Sequence[str]): What makes the report's numbers.
        states (dict[Run, State]): Of runs that were just tried.
        note (str): What a reader must know before the numbers.
        photographs (bool): Whether pictures may show any.
        group (str): Folder of the runs, if it is not the experiment's.
        environment (Mapping[str, str]): Variables that the configs read.
        console (Console): For progress.
    """

    experiment: str
    scale: str
    rows: Sequence[Row]
    runs: Sequence[Run]
    folder: Path
    command: Sequence[str]
    states: dict[Run, State]
    note: str = ''
    photographs: bool = True
    group: str = ''
    environment: Mapping[str, str] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(stderr=True))

    @cached_property
    def finished(self) -> dict[Run, Finished]:
        found = ((run, Finished.read(run)) for run in self.runs)
        return {run: each for run, each in found if each is not None}

    @property
    def seeds(self) -> list[int]:
        return sorted({run.seed for run in self.runs})

    def label(self, name: str) -> str:
        """A row's words and its name."""
        row = next(row for row in self.rows if row.name == name)
        return f'{row.label} (`{name}`)'

    def of_row(self, name: str) -> dict[int, Finished]:
        """A row's finished runs by seed."""
        return {
            run.seed: each
            for run, each in self.finished.items()
            if run.row.name == name
        }

    def values(self, name: str, read: Callable) -> dict[int, float]:
        """``read`` of every finished run of a row, by seed."""
        return {seed: read(each) for seed, each in self.of_row(name).items()}

    def estimate(self, name: str, read: Callable) -> Estimate:
        return over_seeds(self.values(name, read).values())

    def image_passes(self, name: str) -> Estimate:
        """Of a row and of those that it starts from."""
        return self.estimate(
            name, lambda e: self.cumulative(e, 'image_passes')
        )

    def hours(self, name: str) -> Estimate:
        """Of training a row and those that it starts from."""
        return self.estimate(name, self.cumulative_hours)

    def cumulative_hours(self, each: Finished) -> Optional[float]:
        seconds = self.cumulative(each, 'seconds')
        return None if seconds is None else seconds / HOUR

    def cumulative(self, each: Finished, key: str) -> Optional[float]:
        """Sum of a number of the training over the run and its ancestors."""
        parts = [self.finished.get(run) for run in each.run.lineage]
        values = [part and part.record['training'][key] for part in parts]
        return None if None in values else sum(values)


def frame(
    report: ReportInput,
    title: str,
    sections: Iterable[str],
    beginning: Optional[str] = None,
) -> str:
    """A whole Markdown file; it begins with :func:`heading` by default."""
    beginning = heading(report) if beginning is None else beginning
    return '\n\n'.join([f'# {title}', beginning, *sections]) + '\n'


def heading(report: ReportInput) -> str:
    machines = dict.fromkeys(
        name
        for each in report.finished.values()
        for name in each.record['hardware']
    )
    return opening(
        report,
        f'seed{"s" * (len(report.seeds) > 1)} '
        f'{", ".join(map(str, report.seeds))}, trained on '
        f'{" and ".join(machines) or "nothing yet"}',
    )


def opening(report: ReportInput, circumstances: str) -> str:
    """Note, date, scale, circumstances and the command."""
    note = f'**{report.note}**\n\n' if report.note else ''
    return (
        f'{note}{today()}, scale `{report.scale}`, {circumstances}:\n\n'
        f'```bash\n{command_text(report, report.command)}\n```'
    )


def missing_runs(report: ReportInput) -> list[str]:
    """The runs without a result, one line each, and doubtful ones."""
    lines = []
    for run in report.runs:
        where = f'`{run.row.name}`, seed {run.seed}'
        if run not in report.finished:
            state = report.states.get(run)
            lines.append(f'{where}: {state.state if state else UNTRIED}')
        else:
            lines += [
                f'{where}: not what this call would train: {difference}'
                for difference in differences(run)[:1]
            ]
    return lines


def missing_section(report: ReportInput) -> str:
    lines = missing_runs(report)
    if not lines:
        return 'Every run is finished.'
    return '\n'.join(['Missing or doubtful:', '', *(f'- {x}' for x in lines)])


def commands_section(report: ReportInput) -> str:
    """Each finished run's own command and hours."""
    lines = []
    for run, each in report.finished.items():
        hours = markdown.number(own_hours(each), 2)
        command = command_text(report, each.record['command'])
        lines += [
            f'# {run.row.name}, seed {run.seed}: {hours} hours',
            f'python {command}',
        ]
    if not lines:
        return ''
    return '\n'.join(
        [
            '## Commands',
            '',
            'From the repository. The hours are those of the command alone, '
            'without those of the row that it starts from.',
            '',
            '```bash',
            *environment_lines(report),
            *lines,
            '```',
        ]
    )


def environment_lines(report: ReportInput) -> list[str]:
    """What the commands need besides the repository."""
    return [
        f'export {command_text(report, [f"{name}={value}"])}'
        for name, value in report.environment.items()
    ]


def own_hours(each: Finished) -> Optional[float]:
    seconds = each.record['training']['seconds']
    return None if seconds is None else seconds / HOUR


def our_json(report: ReportInput, numbers: Callable) -> dict:
    """Every run's ``numbers`` and what its training took."""
    return dict(
        experiment=report.experiment,
        scale=report.scale,
        date=today(),
        command=command_text(report, report.command),
        rows={
            row.name: dict(
                label=row.label,
                over_seeds=_over_seeds(report.values(row.name, numbers)),
                seeds={
                    seed: dict(numbers=numbers(each), **_effort(report, each))
                    for seed, each in report.of_row(row.name).items()
                },
            )
            for row in report.rows
        },
        missing=missing_runs(report),
    )


def _over_seeds(by_seed: dict[int, dict]) -> dict:
    """Each number's estimate."""
    keys = next(iter(by_seed.values()), {})
    return {
        key: over_seeds(each[key] for each in by_seed.values())._asdict()
        for key in keys
    }


def _effort(report: ReportInput, each: Finished) -> dict:
    return dict(
        training=each.record['training'],
        cumulative=dict(
            hours=report.cumulative_hours(each),
            image_passes=report.cumulative(each, 'image_passes'),
        ),
        hardware=each.record['hardware'],
        dfa_mm=each.record['dfa_mm'],
        command=command_text(report, each.record['command']),
    )


def command_text(report: ReportInput, command: Sequence[str]) -> str:
    """Without what lies on this machine only, a path above the work dir."""
    place = f'{report.group or report.experiment}/{report.scale}'
    above = rf'(^|=)/[^=]*/(?={place}/)'
    return shlex.join(re.sub(above, rf'\1{_WORK_DIR}/', w) for w in command)


def today() -> str:
    return datetime.now(timezone.utc).strftime('%Y-%m-%d')
