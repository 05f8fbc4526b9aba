"""How far a training is: a bar on a terminal, else a line now and then."""

import time
from collections import deque
from datetime import timedelta
from typing import Dict, Iterable, Iterator, List, Optional, Sequence

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from .stages import num_stages, stage_config

# lines where there is no terminal: at least one in so many seconds, or when
# so much of the whole is done
SECONDS, SHARE = 600, 0.1
# iterations whose mean duration the time left is estimated from
RECENT = 50
SHOWN_METRICS = 6


class TrainingProgress:
    """Over all stages that one call trains.

    Args:
        console: Where to show it.
        cfg: Of the cascade.
        stages: That are to be trained.
    """

    def __init__(
        self, console: Console, cfg: Config, stages: Sequence[int]
    ) -> None:
        self.console, self.cfg = console, cfg
        self.iterations: Dict[int, int] = dict.fromkeys(stages, 0)
        self.last = num_stages(cfg)
        self.stage = 0
        self.said, self.said_at = 0.0, time.monotonic()
        self.ends: deque = deque(maxlen=RECENT)
        self.bar: Optional[Progress] = None
        if console.is_terminal:
            self.bar = Progress(
                TextColumn('{task.description}'),
                BarColumn(),
                TextColumn('{task.percentage:.0f} %, {task.fields[left]}'),
                console=console,
            )
            self.task = self.bar.add_task('', total=None, left='')

    def __enter__(self) -> 'TrainingProgress':
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(self, *_) -> None:
        if self.bar is not None:
            self.bar.stop()

    def say(self, text: str) -> None:
        self.console.print(text, markup=False)

    def begin(self, stage: int, batches: int) -> None:
        """A stage whose training set has so many batches.

        The sets of later ones are taken to be as large.
        """
        self.stage = stage
        self.ends.clear()
        for later in self.iterations:
            if later >= stage:
                self.iterations[later] = iterations(
                    stage_config(self.cfg, later), batches
                )

    def look(self, batches: Iterable, what: str, total: int) -> Iterator:
        """A pass without training."""
        if self.bar is None:
            self.say(f'{self._stage()}: {what}')
            yield from batches
            return
        task = self.bar.add_task(
            f'{self._stage()}: {what}', total=total, left=''
        )
        for batch in batches:
            yield batch
            self.bar.advance(task)
        self.bar.remove_task(task)

    def step(self, trained: int, loss: Optional[float]) -> None:
        """So many iterations of the stage are trained."""
        self.ends.append(time.monotonic())
        total = sum(self.iterations.values())
        done = trained + sum(
            number
            for stage, number in self.iterations.items()
            if stage < self.stage
        )
        text = f'{self._stage()}, iteration {trained}'
        text += f' of {self.iterations[self.stage]}'
        text += '' if loss is None else f', loss {loss:.4g}'
        left = self._left(total - done)
        if self.bar is not None:
            self.bar.update(
                self.task,
                description=text,
                total=total,
                completed=done,
                left=left,
            )
        elif self._worth_a_line(done / total):
            share = ', '.join(
                filter(None, [f'{done / total:.0%} of all', left])
            )
            self.say(f'{text}; {share}')

    def _stage(self) -> str:
        return f'stage {self.stage} of {self.last}'

    def _left(self, iterations: int) -> str:
        if len(self.ends) < 2:
            return ''
        pace = (self.ends[-1] - self.ends[0]) / (len(self.ends) - 1)
        return f'{timedelta(seconds=round(iterations * pace))} left'

    def _worth_a_line(self, share: float) -> bool:
        now = time.monotonic()
        if int(share / SHARE) <= self.said and now - self.said_at < SECONDS:
            return False
        self.said, self.said_at = int(share / SHARE), now
        return True


def iterations(cfg: Config, batches: int) -> int:
    """Of one stage, whose training set has so many batches."""
    settings = cfg.train_cfg
    return settings.get('max_iters') or settings.max_epochs * batches


class ProgressHook(Hook):
    """Tells a :class:`TrainingProgress` of a stage."""

    # before the training set is looked at
    priority = 'HIGH'

    def __init__(self, progress: TrainingProgress, stage: int) -> None:
        self.progress, self.stage = progress, stage

    def before_train(self, runner: Runner) -> None:
        self.progress.begin(self.stage, len(runner.train_dataloader))
        went_on = f', goes on after {runner.iter}' if runner.iter else ''
        self.progress.say(
            f'stage {self.stage} of {self.progress.last}: {runner.max_iters} '
            f'iterations{went_on}, seed {runner.seed}, log in '
            f'{runner.log_dir}'
        )

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[dict] = None,
    ) -> None:
        loss = (outputs or {}).get('loss')
        self.progress.step(
            runner.iter + 1, None if loss is None else loss.item()
        )

    def after_val_epoch(
        self, runner: Runner, metrics: Optional[dict] = None
    ) -> None:
        shown = [*_shown(metrics or {})][:SHOWN_METRICS]
        if shown:
            self.progress.say(
                f'stage {self.stage}, validation after {runner.iter} '
                f'iterations: {", ".join(shown)}'
            )


def _shown(metrics: dict) -> Iterator[str]:
    for name, value in metrics.items():
        if isinstance(value, (int, float)):
            yield f'{name} {value:.4g}'


def looking(hooks: List[Hook]):
    """What shows a pass over the training set, as ``rich.progress.track``."""
    for hook in hooks:
        if isinstance(hook, ProgressHook):
            return hook.progress.look
    return None
