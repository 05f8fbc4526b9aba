"""An experiment from what is there to its report."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from .hardware import threads_per_run
from .process import RunProcess, log_path, log_tail
from .progress import Watch
from .record import (
    check_not_stale,
    complete_record,
    drop_older_checkpoints,
    is_done,
)
from .report import ReportInput
from .row import Experiment, Scale
from .run import Run, make_runs
from .scheduler import FAILED, INTERRUPTED, SKIPPED, Scheduler, State
from .surroundings import variables, working_in

_TAIL_LINES = 15
_INTERRUPTED_EXIT = 130


@dataclass(frozen=True)
class Request:
    """What the command line asks for.

    Args:
        experiment (Experiment): Which table or figure.
        scale (str): Key of the experiment's scales.
        root (Path): The repository.
        work_dir (Path): Holds ``experiment/scale/row_seedK``, or, of an
            experiment of a group, ``group/scale/row_seedK`` and the report in
            ``experiment/scale``.
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
    root: Path
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
    def folder(self) -> Path:
        """Of the runs."""
        name = self.experiment.group or self.experiment.name
        return self.work_dir.resolve() / name / self.scale

    @property
    def report_folder(self) -> Path:
        return self.work_dir.resolve() / self.experiment.name / self.scale

    @property
    def trains(self) -> bool:
        return self.experiment.trains and not self.report_only

    def runs(self, names: Optional[Sequence[str]] = None) -> list[Run]:
        """Of the named rows, by default all, and what they start from."""
        seeds = self.seeds or (self.report_only and self._found_seeds())
        return make_runs(
            self.definition,
            seeds or self.definition.seeds,
            self.folder,
            self.root,
            names,
            self.options,
            self.amp,
        )

    def _found_seeds(self) -> list[int]:
        endings = [p.name.rsplit('_seed')[-1] for p in self._run_folders()]
        return sorted({int(text) for text in endings if text.isdigit()})

    def _run_folders(self):
        return self.folder.glob('*_seed*')


def reproduce(request: Request, console: Console) -> int:
    """Train what is missing, write the report; the tool's exit status.

    Raises:
        UnknownRowError: If there is no row of a given name.
        StaleRunError: If a run's folder holds another run.
        MissingFilesError: If data that a row needs are not there.
    """
    with ExitStack() as stack:
        # as the trainings have it, for what reads configs and data here
        stack.enter_context(working_in(request.root))
        environment = dict(request.definition.environment)
        stack.enter_context(variables(environment))
        if request.definition.prepare is not None:
            made = request.definition.prepare(request.folder, request.root)
            stack.enter_context(variables(made))
            environment.update(made)
        return train_and_report(request, environment, console)


def train_and_report(
    request: Request, environment: Mapping[str, str], console: Console
) -> int:
    """The exit status."""
    states = train(request, console) if request.trains else {}
    tell_failures(states, console)
    kinds = {state.state for state in states.values()}
    if INTERRUPTED in kinds:
        console.print('Interrupted. The same command goes on from here.')
        return _INTERRUPTED_EXIT
    report = ReportInput(
        experiment=request.experiment.name,
        scale=request.scale,
        rows=request.definition.rows,
        runs=request.runs(),
        folder=request.report_folder,
        command=request.command,
        states=states,
        # the notes are about trainings
        note=request.definition.note if request.experiment.trains else '',
        photographs=request.photographs,
        group=request.experiment.group,
        environment=environment,
        console=console,
    )
    console.print(f'Report: {request.experiment.write_report(report)}')
    return 1 if kinds & {FAILED, SKIPPED} else 0


def train(request: Request, console: Console) -> dict[Run, State]:
    """Run the rows that are not finished."""
    runs = request.runs(request.names)
    check_not_stale(runs)
    done = [run for run in runs if is_done(run)]
    if request.definition.check is not None:
        request.definition.check([r.row for r in runs if r not in done])
    if done:
        console.print(f'Finished before: {", ".join(r.name for r in done)}')
    threads = threads_per_run(request.jobs)
    with Watch(console, told=done) as watch:
        return Scheduler(
            runs,
            request.jobs,
            start=lambda run: RunProcess(run, threads),
            finish=finish,
            watch=watch,
            done=done,
        ).run()


def finish(run: Run) -> None:
    """What is left to do when a training has ended well.

    Raises:
        FileNotFoundError: If it left no checkpoint or no results.
    """
    complete_record(run)
    if not is_done(run):
        raise FileNotFoundError(f'{run.folder} has no results.json')
    drop_older_checkpoints(run)


def tell_failures(states: Mapping[Run, State], console: Console) -> None:
    """The reason, and the end of the log of those that have one."""
    for run, state in states.items():
        if state.state == SKIPPED:
            console.print(f'{run.name} was skipped: {escape(state.note)}')
        elif state.state == FAILED:
            text = f'{state.note}\n\n{log_tail(run, _TAIL_LINES)}'
            title = f'{run.name} failed; its log is {log_path(run)}'
            console.print(Panel(escape(text), title=title, title_align='left'))
