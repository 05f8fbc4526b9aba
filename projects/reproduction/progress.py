"""One line per running training, read off the end of its log."""

import re
from collections.abc import Iterable
from typing import NamedTuple, Optional

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from .process import log_tail
from .record import traces
from .run import Run
from .scheduler import DONE, FAILED, SKIPPED, Scheduler

_TAIL_LINES = 40
# MMEngine: "Epoch(train)  [2][20/59] ... eta: 0:01:02  time: ..." or
# "Iter(train) [  40/10000] ... eta: 2:31:00  time: ..."
_TRAIN_LINE = re.compile(
    r'(?:Epoch\(train\)\s*\[\s*(?P<epoch>\d+)\]|Iter\(train\)\s*)'
    r'\[\s*(?P<step>\d+)/(?P<steps>\d+)\].*?eta: (?P<eta>.+?)\s+time:'
)
_COLOURS = {DONE: 'green', FAILED: 'red', SKIPPED: 'yellow'}


class Position(NamedTuple):
    """Share of the training that is done, and MMEngine's word on the rest."""

    share: float
    eta: str


def read_position(text: str, epochs: int = 1) -> Optional[Position]:
    """From the last training line in a log, None without any.

    Args:
        text (str): End of the log.
        epochs (int): Of the whole training, if it counts epochs.
    """
    lines = list(_TRAIN_LINE.finditer(text))
    if not lines:
        return None
    found = lines[-1]
    share = int(found['step']) / int(found['steps'])
    if found['epoch'] is not None:
        share = (int(found['epoch']) - 1 + share) / epochs
    return Position(min(share, 1.0), found['eta'])


class Watch:
    """Shows a scheduler's runs; a context, and a callable for its ``watch``.

    Beginnings and ends are printed as lines of their own, so that a terminal
    is not needed.

    Args:
        console (Console): Where.
        told (Iterable[Run]): Runs of whose end nothing shall be said.
    """

    def __init__(self, console: Console, told: Iterable[Run] = ()) -> None:
        self.progress = Progress(
            TextColumn('{task.description}'),
            BarColumn(),
            TextColumn('{task.percentage:>3.0f}%'),
            TextColumn('{task.fields[eta]}'),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.tasks = {}
        self.told = set(told)

    def __enter__(self) -> 'Watch':
        self.progress.start()
        return self

    def __exit__(self, *_) -> None:
        self.progress.stop()

    def __call__(self, scheduler: Scheduler) -> None:
        for run in scheduler.running:
            if run not in self.tasks:
                self._begin(run)
            self._update(run)
        for run, state in scheduler.states.items():
            if run not in self.told:
                self._end(run, state, scheduler)

    def _begin(self, run: Run) -> None:
        word = 'goes on' if traces(run.folder) else 'started'
        self.progress.console.print(f'{run.name}: {word}')
        self.tasks[run] = self.progress.add_task(run.name, total=1.0, eta='')

    def _update(self, run: Run) -> None:
        epochs = run.settings.get('train_cfg.max_epochs') or 1
        position = read_position(log_tail(run, _TAIL_LINES), epochs)
        if position is not None:
            self.progress.update(
                self.tasks[run],
                completed=position.share,
                eta=f'{position.eta} left',
            )

    def _end(self, run: Run, state, scheduler: Scheduler) -> None:
        self.told.add(run)
        if run in self.tasks:
            self.progress.remove_task(self.tasks[run])
        colour = _COLOURS.get(state.state, 'yellow')
        left = len(scheduler.waiting) + len(scheduler.running)
        self.progress.console.print(
            f'{run.name}: [{colour}]{state.state}[/] {escape(state.note)} '
            f'({left} to go)',
            highlight=False,
        )
