"""What is trained to tell what the training data is worth, and on what."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dfa_mm.engine.requirements import MissingFilesError

from ..row import Row, Scale
from .data import SYNTHFLD_ROOT, draw_smoke
from .rows import Budget
from .scales import (
    NO_VALIDATION,
    SMALL,
    SMOKE,
    SMOKE_NOTE,
    SMOKE_OPTIONS,
    epochs,
)

REAL, DRAWN, SYNTHETIC = 'real', 'drawn', 'synthetic'
BOTH, SELF = 'both', 'self'
CASCADE2, CASCADE, SINGLE = 'cascade_stage2', 'cascade', 'single'
# What no labelled photograph is among.
SYNTHETIC_ONLY = (DRAWN, SYNTHETIC)
NOTE = (
    'A small backbone, small pictures and short trainings: for comparing the '
    'rows. The shipped model was trained for longer and with larger pictures '
    '(projects/default_model/README.md).'
)


@dataclass(frozen=True)
class Source:
    """A set in FLD's layout that some rows are trained on.

    Args:
        label (str): As the report calls it.
        variable (str): Of the environment, that names the folder.
        folder (str): Where the variable is not set, as in the configs.
        command (str): Makes it; with a place for the folder.
    """

    label: str
    variable: str
    folder: str
    command: str

    @property
    def root(self) -> Path:
        return Path(os.environ.get(self.variable, self.folder))

    def annotations(self, split: str) -> Path:
        return self.root / f'annotations/fld_all_{split}.json'


_CONVERT = 'python tools/dataset_converters'
FLAT = Source(
    'real, flat',
    *('FLATLAY_ROOT', 'data/flatlay_fld'),
    'python projects/photos/flatlay2fld.py clothing-dataset-small {}',
)
WORN = Source(
    'real, worn',
    *('STREET_ROOT', 'data/street_fld'),
    'python projects/photos/street2fld.py clothing-co-parsing {}',
)
SYNTHFLD = Source(
    'SynthFLD',
    *(SYNTHFLD_ROOT, 'data/synthfld'),
    f'{_CONVERT}/synth_fld.py {{}} --num 6000',
)
COMPOSITES = Source(
    'composites',
    *('WORN_ROOT', 'data/worn_composites'),
    'python projects/composites/compose_worn.py {} --num 3000 --seed 0',
)
SELF_FLAT = Source(
    'self-labelled, flat',
    *('SELF_FLAT_ROOT', 'data/self_flat'),
    'python projects/photos/self_label.py CONFIG CHECKPOINT '
    'clothing-dataset-small {}',
)
SELF_WORN = Source(
    'self-labelled, worn',
    *('SELF_STREET_ROOT', 'data/self_street'),
    'python projects/photos/self_label.py CONFIG CHECKPOINT data/street {}',
)
SOURCES = (FLAT, WORN, SYNTHFLD, COMPOSITES, SELF_FLAT, SELF_WORN)
# In the order of the configs' datasets and shares.
TRAINED_ON = {
    REAL: (FLAT, WORN),
    DRAWN: (SYNTHFLD,),
    SYNTHETIC: (SYNTHFLD, COMPOSITES),
    BOTH: (FLAT, WORN, SYNTHFLD, COMPOSITES),
    SELF: SOURCES,
    CASCADE2: (FLAT, WORN),
    CASCADE: (FLAT, WORN),
    SINGLE: (FLAT, WORN),
}
TESTED_ON = (FLAT, WORN)


def check_sources(rows: Iterable[Row]) -> None:
    """Before anything is trained.

    Raises:
        MissingFilesError: If a set that a row needs is not there, with the
            variable that names it and the commands that make it.
    """
    missing = {}
    for row in rows:
        needed = [(source, 'train') for source in TRAINED_ON[row.name]]
        needed += [(source, 'test') for source in TESTED_ON]
        for source, split in needed:
            path = source.annotations(split)
            if not path.exists():
                missing[source] = path
    if missing:
        raise MissingFilesError(
            '\n\n'.join(_missing(*each) for each in missing.items())
        )


def _missing(source: Source, path: Path) -> str:
    return (
        f'{source.label}: {path} does not exist. Name the folder with '
        f'{source.variable}=..., or make it (docs/photos_data.md):\n'
        f'    {source.command.format(source.root)}\n'
        f'    {_CONVERT}/fld2coco.py {source.root}'
    )


def source_rows(budget: Budget, whole: Mapping[str, str]) -> tuple[Row, ...]:
    """All of them.

    Args:
        budget (Budget): Of the stages; every mixture gets that of stage 1.
        whole (Mapping[str, str]): Of one network that is trained for as many
            iterations as the cascade's stages together.
    """

    def row(name: str, label: str, data: str, stage: int = 1, **kwargs) -> Row:
        options = {
            'model.num_stages': str(stage),
            **budget.of_stage(stage),
            **kwargs.pop('options', {}),
        }
        config = f'configs/ablations/sources_{data}.py'
        return Row(name, label, config, options, **kwargs)

    return (
        row(REAL, 'real photographs', REAL),
        row(DRAWN, 'drawn garments alone', DRAWN),
        row(SYNTHETIC, 'drawn garments and composites', SYNTHETIC),
        row(BOTH, 'real and synthetic', BOTH),
        row(SELF, 'the same and self-labelled', SELF),
        row(CASCADE2, 'real, stage 2', REAL, 2, parent=REAL),
        row(
            CASCADE,
            'real, stage 3: the cascade',
            *(REAL, 3),
            parent=CASCADE2,
            networks=2,
        ),
        row(
            SINGLE,
            'real, one stage for as long as all three',
            REAL,
            options=whole,
        ),
    )


def draw_all_sources(folder: Path, root: Path) -> Mapping[str, str]:
    """A handful of drawn garments in place of every set."""
    drawn = draw_smoke(folder, root)[SYNTHFLD_ROOT]
    return {source.variable: drawn for source in SOURCES}


# Of one thread, an epoch being 90 iterations of 16 pictures: 0.4 s for an
# iteration in stage 1, 0.34 s of it the network; 0.5 s in stage 2 and 0.6 s in
# stage 3, where the frozen stages run as well; 40 s per row to start, to look
# at the training set and to test 290 garments in two views. One seed:
#   stage 1: 5 mixtures x 8 epochs x 90 x 0.4 s   1440 s
#            for 19 epochs                         684 s
#   stage 2: 5 epochs x 90 x 0.5 s                 225 s
#   stage 3: 6 epochs x 90 x 0.6 s                 324 s
#   8 rows x 40 s                                  320 s
# 2993 s; three seeds on two cores (--jobs 2) 4490 s, 75 min.
SCALES = {
    'smoke': Scale(
        # one epoch of four iterations for each stage
        source_rows(SMOKE, epochs(3)),
        seeds=(0,),
        options={**SMOKE_OPTIONS, 'train_dataloader.dataset.size': '32'},
        note=SMOKE_NOTE,
        prepare=draw_all_sources,
        check=check_sources,
    ),
    'small': Scale(
        source_rows(SMALL, SMALL.whole),
        options=NO_VALIDATION,
        note=NOTE,
        check=check_sources,
    ),
}
