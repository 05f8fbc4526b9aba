"""An experiment from what is there to its report."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from rich.console import Console

from dfa_mm.engine.requirements import MissingFilesError, check_files

from .experiments import Experiment
from .record import check_not_stale, is_done
from .results import Results
from .run import Run, make_runs
from .scales import Scale, naming_variables
from .training import train

_INTERRUPTED_EXIT = 130


@dataclass(frozen=True)
class Request:
    """What the command line asks for; the current folder is the repository.

    Args:
        experiment (Experiment): Which table or figure.
        scale (str): Key of the experiment's scales.
        work_dir (Path): Absolute; holds ``GROUP/SCALE/row_seedK`` and the
            report in ``EXPERIMENT/SCALE``.
        command (Sequence[str]): For the report.
        seeds (Sequence[int], optional): By default the scale's; without
            training those that are there.
        names (Sequence[str], optional): Rows, by default all.
        options (Mapping[str, str]): For every row, above its own.
        amp (bool): Mixed precision for every row.
        jobs (int): Runs at once.
        report_only (bool): Train nothing.
        photographs (bool): Whether the report's pictures may show any.
    """

    experiment: Experiment
    scale: str
    work_dir: Path
    command: Sequence[str]
    seeds: Optional[Sequence[int]] = None
    names: Optional[Sequence[str]] = None
    options: Mapping[str, str] = field(default_factory=dict)
    amp: bool = False
    jobs: int = 1
    report_only: bool = False
    photographs: bool = True

    @property
    def definition(self) -> Scale:
        return self.experiment.scales[self.scale]

    @property
    def group(self) -> str:
        return self.experiment.group or self.experiment.name

    @property
    def folder(self) -> Path:
        """Of the runs."""
        return self.work_dir / self.group / self.scale

    def runs(self, names: Optional[Sequence[str]] = None) -> list[Run]:
        """Of the named rows, by default all, and what they start from."""
        seeds = self.seeds or (self.report_only and self._found_seeds())
        return make_runs(
            self.definition,
            seeds or self.definition.seeds,
            self.folder,
            names,
            self.options,
            self.amp,
        )

    def _found_seeds(self) -> list[int]:
        found = self.folder.glob('*_seed*')
        endings = [path.name.rsplit('_seed')[-1] for path in found]
        return sorted({int(text) for text in endings if text.isdigit()})


def reproduce(request: Request, console: Console) -> int:
    """Train what is missing, write the report; the tool's exit status.

    The variables that the configs read are set from now on.

    Raises:
        UnknownRowError: If there is no row of a given name.
        StaleRunError: If a run's folder holds another run.
        MissingFilesError: If data that a row needs are not there.
    """
    environment = request.definition.environment(request.folder)
    os.environ.update(environment)
    states = {}
    try:
        if request.experiment.trains and not request.report_only:
            states = train_missing(request, console)
    except KeyboardInterrupt:
        console.print('Interrupted. The same command goes on from here.')
        return _INTERRUPTED_EXIT
    results = Results(
        experiment=request.experiment.name,
        scale=request.scale,
        rows=request.definition.rows,
        runs=request.runs(),
        folder=request.work_dir / request.experiment.name / request.scale,
        command=request.command,
        group=request.group,
        states=states,
        note=request.definition.note,
        photographs=request.photographs,
        environment=environment,
        console=console,
    )
    console.print(f'Report: {request.experiment.write(results)}')
    return 1 if states else 0


def check_data(runs: Sequence[Run]) -> None:
    """Before hours of work.

    Raises:
        MissingFilesError: With the variables that name the folders.
    """
    try:
        for run in runs:
            check_files(run.cfg)
    except MissingFilesError as error:
        names = [f'{name}=...' for name in naming_variables(str(error))]
        hint = f'Folders are named by {", ".join(names)}' if names else ''
        raise MissingFilesError(f'{error}\n\n{hint}'.rstrip()) from error


def train_missing(request: Request, console: Console) -> dict[Run, str]:
    """Failed and skipped ones."""
    runs = request.runs(request.names)
    check_data([run for run in runs if not is_done(run)])
    check_not_stale(runs)
    return train(runs, request.jobs, console)
