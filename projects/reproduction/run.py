"""One row with one seed: where it lies and how it is trained."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Optional

from dfa_mm.engine.cascade import finished_checkpoint

from .row import Row, Scale, choose_rows
from .settings import digest, load_settings, option_words

AMP_NEVER, AMP_ALWAYS, AMP_ON_CUDA = 'never', 'always', 'on CUDA'
# MMEngine deletes the oldest checkpoint before it writes the next: with only
# one, what interrupts the writing would take all of the training with it.
KEEP_TWO = {'default_hooks.checkpoint.max_keep_ckpts': '2'}


@dataclass(frozen=True)
class Run:
    """A row with a seed.

    Args:
        row (Row): What is trained.
        seed (int): Random seed.
        folder (Path): Absolute; the run's work directory.
        root (Path): Absolute; the repository, where the run is started.
        options (Mapping[str, str]): All of ``--cfg-options`` but the path of
            the parent's checkpoint.
        amp (str): When mixed precision is used.
        parent (Run, optional): The run that has to be finished before.
    """

    row: Row
    seed: int
    folder: Path
    root: Path
    options: Mapping[str, str] = field(default_factory=dict)
    amp: str = AMP_NEVER
    parent: Optional['Run'] = None

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def lineage(self) -> list['Run']:
        """Ancestors, the oldest first, and itself."""
        return [*(self.parent.lineage if self.parent else []), self]

    def command(self, cuda: bool = False) -> list[str]:
        """Arguments of Python, from the repository's root.

        Raises:
            FileNotFoundError: If the parent is not finished.
        """
        amp = self.amp == AMP_ALWAYS or (self.amp == AMP_ON_CUDA and cuda)
        options = dict(self.options)
        if self.parent is not None:
            options['load_from'] = self._relative(self.parent.checkpoint())
        return [
            *('tools/train.py', self.row.config),
            *('--work-dir', self._relative(self.folder)),
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
    def settings(self) -> dict:
        """The config with all options, dotted key to value."""
        return load_settings(self.root / self.row.config, self.options)

    @cached_property
    def identity(self) -> dict:
        """What makes two runs the same, as JSON has it."""
        return dict(
            config=self.row.config,
            options=dict(self.options),
            seed=self.seed,
            amp=self.amp,
            settings_hash=digest(self.settings),
            parent=self.parent and digest(self.parent.identity),
        )

    def _relative(self, path: Path) -> str:
        """To the root if it is below it."""
        if self.root in path.parents:
            return os.path.relpath(path, self.root)
        return str(path)

    def __hash__(self) -> int:
        return hash(self.folder)


def make_runs(
    scale: Scale,
    seeds: Iterable[int],
    folder: Path,
    root: Path,
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
                root=root,
                options={
                    **KEEP_TWO,
                    **scale.options,
                    **row.options,
                    **(options or {}),
                    'randomness.seed': str(seed),
                },
                amp=AMP_ALWAYS if amp else policy,
                parent=runs.get((row.parent, seed)),
            )
    return list(runs.values())
