"""One row with one seed: where it lies, what it is and how it is trained."""

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Optional

from mmengine.config import Config, DictAction

from dfa_mm.engine.identity import identity
from dfa_mm.engine.runs import finished_checkpoint
from dfa_mm.engine.stages import merge_options, num_stages, stage_config
from dfa_mm.errors import InputError

from .rows import Row, choose_rows
from .scales import Scale, below_here

AMP_NEVER, AMP_ALWAYS, AMP_ON_CUDA = 'never', 'always', 'on CUDA'
# MMEngine deletes the oldest checkpoint before it writes the next: with only
# one, what interrupts the writing would take all of the training with it.
KEEP_TWO = {'default_hooks.checkpoint.max_keep_ckpts': 2}


@dataclass(frozen=True)
class Run:
    """A row with a seed; all paths are seen from the repository.

    Args:
        row (Row): What is trained.
        seed (int): Random seed.
        folder (Path): Absolute; the run's work directory.
        config (str): The row's at its scale.
        options (Mapping[str, str]): All of ``--cfg-options`` but the path of
            the parent's checkpoint.
        amp (str): When mixed precision is used.
        parent (Run, optional): The run that has to be finished before.
    """

    row: Row
    seed: int
    folder: Path
    config: str
    options: Mapping[str, object] = field(default_factory=dict)
    amp: str = AMP_NEVER
    parent: Optional['Run'] = None

    def __hash__(self) -> int:
        return hash(self.folder)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def lineage(self) -> list['Run']:
        """Ancestors, the oldest first, and itself."""
        return [*(self.parent.lineage if self.parent else []), self]

    def command(self, cuda: bool = False) -> list[str]:
        """Arguments of Python.

        Raises:
            FileNotFoundError: If the parent is not finished.
        """
        amp = self.amp == AMP_ALWAYS or (self.amp == AMP_ON_CUDA and cuda)
        options = dict(self.options)
        if self.parent is not None:
            options['load_from'] = below_here(self.parent.checkpoint())
        return [
            *('tools/train.py', self.config),
            *('--work-dir', below_here(self.folder)),
            *(['--amp'] if amp else []),
            *('--cfg-options', *option_words(options)),
        ]

    def checkpoint(self) -> Path:
        """The final one.

        Raises:
            FileNotFoundError: If the run is not finished.
        """
        found = finished_checkpoint(str(self.folder))
        if found is None:
            raise FileNotFoundError(
                f'{self.folder} holds no finished training; delete the folder '
                'to train it anew'
            )
        return Path(found)

    @cached_property
    def cfg(self) -> Config:
        """Of the last stage, as ``tools/train.py`` trains and tests it."""
        cfg = Config.fromfile(self.config)
        try:
            merge_options(cfg, parse_options(self.options))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise InputError(
                f'{self.config} cannot take --cfg-options '
                f'{" ".join(option_words(self.options))}: {error}'
            ) from error
        return stage_config(cfg, num_stages(cfg))

    @cached_property
    def identity(self) -> dict:
        """What makes two results the same, as JSON has it."""
        tested = self.cfg.copy()
        tested.train_dataloader = self.cfg.test_dataloader
        found = dict(
            identity(self.cfg),
            before=self.parent and self.parent.identity,
            amp=self.amp,
            test=dict(
                data=identity(tested)['data'],
                evaluator=self.cfg.test_evaluator,
                settings=self.cfg.model.get('test_cfg'),
            ),
        )
        return json.loads(json.dumps(found, default=str))


def make_runs(
    scale: Scale,
    seeds: Iterable[int],
    folder: Path,
    names: Optional[Iterable[str]] = None,
    options: Optional[Mapping[str, str]] = None,
    amp: bool = False,
) -> list[Run]:
    """The rows that were asked for and their ancestors, seed by seed."""
    policy = AMP_ON_CUDA if scale.amp else AMP_NEVER
    runs = {}
    for seed in seeds:
        for row in choose_rows(scale.rows, names):
            runs[row.name, seed] = Run(
                row=row,
                seed=seed,
                folder=folder / f'{row.name}_seed{seed}',
                config=scale.config(row),
                options={
                    **KEEP_TWO,
                    **scale.options_of(row),
                    **(options or {}),
                    'randomness.seed': seed,
                },
                amp=AMP_ALWAYS if amp else policy,
                parent=runs.get((row.parent, seed)),
            )
    return list(runs.values())


def parse_options(options: Mapping[str, object]) -> dict:
    """``dict(a='1', b='None')`` to ``dict(a=1, b=None)``, as train.py does."""
    if not options:
        return {}
    parser = argparse.ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    words = option_words(options)
    return parser.parse_args(['--cfg-options', *words]).cfg_options


def option_words(options: Mapping[str, object]) -> list[str]:
    # no blanks in lists: train.py reads each option as one word
    return [f'{k}={v}'.replace(', ', ',') for k, v in options.items()]
