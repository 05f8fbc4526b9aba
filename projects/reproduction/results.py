"""What the runs of an experiment have left: numbers over rows and seeds."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Optional, Union

import numpy as np
from rich.console import Console

from . import tables
from .record import RESULTS, complete_record, is_done, read_record
from .rows import Row, lineage
from .run import Run
from .seeds import Estimate, over_seeds

HOUR = 3600.0
# Of a finished run to a number; or where the number stands in its metrics,
# 'NE/box/final/mean'.
Reader = Union[str, Callable[['Finished'], Optional[float]]]


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

    def value(self, reader: Reader):
        """None where the metrics have no such place: a group without a
        member is not in results.json."""
        if callable(reader):
            return reader(self)
        found = self.metrics
        for key in reader.split('/'):
            found = found.get(key) if found else None
        return found

    @property
    def hours(self) -> Optional[float]:
        """Of training this run alone."""
        seconds = self.record['training']['seconds']
        return None if seconds is None else seconds / HOUR


@dataclass(frozen=True)
class Results:
    """Everything that a report is made from.

    Args:
        experiment (str): Its name.
        scale (str): Its scale's name.
        rows (Sequence[Row]): All of the scale's, missing ones too.
        runs (Sequence[Run]): All rows with all seeds.
        folder (Path): Where the report goes.
        command (Sequence[str]): What makes the report's numbers.
        states (dict[Run, str]): Of runs that were just tried in vain.
        note (str): What a reader must know before the numbers.
        photographs (bool): Whether pictures may show any.
        group (str): Folder of the runs.
        environment (Mapping[str, str]): Variables that the configs read.
        console (Console): For progress.
    """

    experiment: str
    scale: str
    rows: Sequence[Row]
    runs: Sequence[Run]
    folder: Path
    command: Sequence[str]
    group: str
    states: Mapping[Run, str] = field(default_factory=dict)
    note: str = ''
    photographs: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(stderr=True))

    @cached_property
    def finished(self) -> dict[Run, Finished]:
        found = ((run, Finished.read(run)) for run in self.runs)
        return {run: each for run, each in found if each is not None}

    @property
    def seeds(self) -> list[int]:
        return sorted({run.seed for run in self.runs})

    def row(self, name: str) -> Row:
        return next(row for row in self.rows if row.name == name)

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.rows]

    def has_rows(self, *names: str) -> bool:
        return set(names) <= set(self.names)

    def label(self, name: str) -> str:
        """A row's words and its name."""
        return f'{self.row(name).label} (`{name}`)'

    def of_row(self, name: str) -> dict[int, Finished]:
        """A row's finished runs by seed."""
        return {
            run.seed: each
            for run, each in self.finished.items()
            if run.row.name == name
        }

    def present(self, names: Sequence[str]) -> list[str]:
        """Those with a finished run."""
        return [name for name in names if self.of_row(name)]

    def usable(self, name: str) -> Optional[Finished]:
        """A row's first seed whose checkpoint is still there."""
        for _, each in sorted(self.of_row(name).items()):
            try:
                each.run.checkpoint()
            except FileNotFoundError:
                continue  # deleted to save room
            return each
        return None

    def values(self, name: str, reader: Reader) -> dict[int, float]:
        """Of every finished run of a row, by seed."""
        return {s: each.value(reader) for s, each in self.of_row(name).items()}

    def estimate(self, name: str, reader: Reader) -> Estimate:
        return over_seeds(self.values(name, reader).values())

    def mean_curve(self, name: str, reader: Reader) -> Optional[np.ndarray]:
        """Over the seeds, (T,); gaps stay. None without any."""
        curves = self.values(name, reader).values()
        known = [curve for curve in curves if curve is not None]
        return np.array(known, float).mean(0) if known else None

    def cumulative(self, each: Finished, key: str) -> Optional[float]:
        """Sum of a number of the training over the run and its ancestors."""
        parts = [self.finished.get(run) for run in each.run.lineage]
        values = [part and part.record['training'][key] for part in parts]
        return None if None in values else sum(values)

    def cumulative_hours(self, each: Finished) -> Optional[float]:
        seconds = self.cumulative(each, 'seconds')
        return None if seconds is None else seconds / HOUR

    def cell(
        self, reader: Reader, digits: int = 1, signed: bool = False
    ) -> Callable[[str], str]:
        """A column of a table: a row's name to its estimate as text."""
        return lambda name: tables.estimate(
            self.estimate(name, reader), digits, signed
        )

    def image_passes(self, name: str) -> str:
        found = self.estimate(
            name, lambda each: self.cumulative(each, 'image_passes')
        )
        return tables.thousands(found.mean)

    def networks(self, name: str) -> str:
        trained = lineage(self.rows, name)
        return str(sum(row.networks for row in trained))

    def effort(self) -> dict[str, Callable[[str], str]]:
        """Columns; all include those of the rows that a row starts from."""
        return {
            'image passes': self.image_passes,
            'hours': self.cell(self.cumulative_hours, 2),
            'seeds': lambda name: str(len(self.of_row(name))),
        }
