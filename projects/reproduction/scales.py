"""How long the rows are trained at each size, and on which pictures."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dfa_mm.datasets.fld_coco import convert
from projects.synthfld import write_synth_fld

from . import rows
from .rows import Row, choose_rows

FLD_ROOT, SYNTHFLD_ROOT = 'FLD_ROOT', 'SYNTHFLD_ROOT'
SMOKE_NOTE = 'A trial of the tool: these numbers mean nothing.'
SMALL_NOTE = (
    'A small backbone, small pictures and a short training: only the '
    "directions, not the sizes, can be compared with the paper's numbers."
)
MAPS_NOTE = (
    f'{SMALL_NOTE} The cascade is a departure from the paper: it reads its '
    'landmarks off maps, and later stages see the previous ones drawn.'
)
SOURCES_NOTE = (
    'A small backbone, small pictures and short trainings: for comparing the '
    'rows. The shipped model was trained for longer and with larger pictures '
    '(projects/default_model/README.md).'
)


@dataclass(frozen=True)
class Scale:
    """An experiment at one size.

    Args:
        rows (Sequence[Row]): In the report's order; a parent before its
            children.
        configs (Mapping[str, str]): What stands in the braces of the rows'
            configs.
        budgets (Mapping[str, Mapping]): Options by the rows' budgets; one
            that is not there is the config's own.
        options (Mapping[str, str]): For every row; a row's own come after.
        seeds (Sequence[int]): Where the command line names none.
        amp (bool): Train in mixed precision where there is CUDA.
        note (str): What a reader must know before the numbers.
        environment (Callable): Of the folder of the runs; the variables that
            the configs read. Makes the data where it has to.
    """

    rows: Sequence[Row]
    configs: Mapping[str, str] = field(default_factory=dict)
    budgets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    seeds: Sequence[int] = (0, 1, 2)
    amp: bool = False
    note: str = ''
    environment: Callable[[Path], Mapping[str, str]] = lambda folder: {}

    def config(self, row: Row) -> str:
        return row.config.format(**self.configs)

    def options_of(self, row: Row) -> dict[str, str]:
        stage = {'model.num_stages': str(row.stage)} if row.stage else {}
        budget = self.budgets.get(row.budget_name, {})
        return {**self.options, **stage, **row.options, **budget}


def epochs(number: int) -> dict[str, str]:
    """Of a config with a warm-up and a cosine."""
    return {
        'train_cfg.max_epochs': str(number),
        'param_scheduler.1.T_max': str(number),
    }


def iterations(number: int) -> dict[str, str]:
    """Of a config that counts iterations and has one step, at 80 %."""
    return {
        'train_cfg.max_iters': str(number),
        'param_scheduler.0.milestones': f'[{number * 8 // 10}]',
    }


# In short trainings the auxiliary losses fall earlier (Eq. 4).
AUXILIARY = {'custom_hooks.1.t1': '250', 'custom_hooks.1.t2': '500'}


def short_training(stages: Sequence[int], averaged: int) -> dict[str, dict]:
    """Of the small scales.

    Args:
        stages (Sequence[int]): Epochs by stage of the cascade.
        averaged (int): Of the two branches that both see every picture, as
            many as make each as many passes as a routed one.
    """
    cascade = {f'stage{i}': number for i, number in enumerate(stages, start=1)}
    cascade.update(averaged=averaged, triple=3 * stages[0], single=sum(stages))
    found = {
        name: {**AUXILIARY, **epochs(number)}
        for name, number in cascade.items()
    }
    # a rival that is one network makes the passes of all stages together
    return {**found, 'whole': epochs(sum(stages))}


# Of one thread: 0.32 s for an iteration of 16 pictures in stage 1, 0.37 s in
# stage 2 and 0.5 s in stage 3, where the frozen stages run as well (0.85 s
# with both branches), and a minute per row to start, to look at the training
# set and to test. 1200 pictures are 75 iterations. Table 2 of one seed takes
# 4539 s; three seeds on two cores (--jobs 2) 1 h 53 min. The rivals of Fig. 5,
# 6 and 8 come on top: DeepPose, eight networks per iteration, 2505 s per seed,
# each of MMPose's heads 428 s.
SMALL = short_training((8, 5, 6), averaged=3)
# All 1595 photographs: Table 2 then takes 1 h 50 min for three seeds on two
# cores.
PHOTOS = short_training((6, 4, 4), averaged=2)
PAPER = dict(averaged=iterations(5000), triple=iterations(30000))
SMOKE = {
    **{f'stage{stage}': epochs(1) for stage in (1, 2, 3)},
    **dict(averaged=epochs(1), triple=epochs(3), whole=epochs(1)),
    'single': epochs(3),
}
SMALL_PICTURES = {
    'train_dataloader.dataset.indices': '1200',
    'test_dataloader.dataset.indices': '1000',
}
NO_VALIDATION = {
    f'val_{part}': 'None' for part in ('cfg', 'dataloader', 'evaluator')
}
# Four iterations of each row, from a random start.
SMOKE_OPTIONS = {
    'train_dataloader.batch_size': '8',
    **{
        f'{split}_dataloader.{key}': value
        for split in ('train', 'test')
        for key, value in (
            ('num_workers', '0'),
            ('persistent_workers', 'False'),
        )
    },
    'model.backbone.init_cfg': 'None',
}
# 80 % of them are for training: four batches of eight, and more samples than
# clusters.
SMOKE_PICTURES, SMOKE_SIZE = 48, 128


def below_here(path: Path) -> str:
    """From the repository, where all is run, if it is in it."""
    here = Path.cwd()
    return os.path.relpath(path) if here in path.parents else str(path)


def draw_smoke(*variables: str) -> Callable[[Path], dict[str, str]]:
    """A handful of garments beside the runs, drawn once."""

    def environment(folder: Path) -> dict[str, str]:
        data = folder / 'data'
        if not (data / 'annotations/fld_all_test.json').exists():
            write_synth_fld(
                data, SMOKE_PICTURES, size=SMOKE_SIZE, jobs=1, overwrite=True
            )
            convert(data, data / 'annotations')
        return dict.fromkeys(variables, below_here(data))

    return environment


# Sets in FLD's layout: the variable of their folder and where it is by
# default.
FLD_LIKE = dict(
    fld=(FLD_ROOT, 'data/fld'),
    synthfld=(SYNTHFLD_ROOT, 'data/synthfld'),
    flatlay=('FLATLAY_ROOT', 'data/flatlay_fld'),
    street=('STREET_ROOT', 'data/street_fld'),
)


def fld_like(data: str) -> Callable[[Path], dict[str, str]]:
    """The set for the configs that are written for FLD."""
    variable, default = FLD_LIKE[data]
    return lambda folder: {FLD_ROOT: os.environ.get(variable, default)}


_SMALL_CONFIGS = dict(
    network='efficientnet-lite0',
    cascade='configs/backbones/dfa_fld_efficientnet-lite0_stage3.py',
    deeppose='projects/deeppose/configs/'
    'deeppose_fld_efficientnet-lite0_stage3.py',
)
_MAPS_CONFIGS = dict(
    cascade='configs/backbones/dfa_fld_maps_efficientnet-lite0_stage3.py'
)
_PAPER_CONFIGS = dict(
    network='vgg16',
    cascade='configs/dfa_fld_stage3.py',
    deeppose='projects/deeppose/configs/deeppose_fld_stage3.py',
)
_SMOKE_CONFIGS = dict(_SMALL_CONFIGS, cascade='configs/dfa_synthfld_stage3.py')


def _small(data: str) -> Scale:
    """The paper's form, with all its rivals."""
    drawn = data in ('fld', 'synthfld')
    return Scale(
        rows.GARMENT_ROWS,
        _SMALL_CONFIGS,
        SMALL if drawn else PHOTOS,
        {**NO_VALIDATION, **(SMALL_PICTURES if drawn else {})},
        note=SMALL_NOTE,
        environment=fld_like(data),
    )


def _maps(data: str) -> Scale:
    """The small scale's cascade off maps; the rivals have no such form."""
    return replace(
        _small(data),
        rows=rows.CASCADE_ROWS,
        configs=_MAPS_CONFIGS,
        note=MAPS_NOTE,
    )


# The two sets of photographs together, which the rivals' configs do not have.
_PHOTOS = Scale(
    (*rows.CASCADE_ROWS, *rows.LOCAL_ROWS),
    dict(cascade='configs/dfa_photos_stage3.py'),
    PHOTOS,
    NO_VALIDATION,
    note=SMALL_NOTE,
)

# By DATA-SCALE, the default data of a scale first.
GARMENT_SCALES = {
    'synthfld-smoke': Scale(
        rows.GARMENT_ROWS,
        _SMOKE_CONFIGS,
        SMOKE,
        {**NO_VALIDATION, **SMOKE_OPTIONS},
        seeds=(0,),
        note=SMOKE_NOTE,
        environment=draw_smoke(SYNTHFLD_ROOT, FLD_ROOT),
    ),
    'photos-small': _PHOTOS,
    **{
        f'{name}-small': _small(name)
        for name in ('synthfld', 'fld', 'flatlay', 'street')
    },
    **{
        f'{name}-maps': _maps(name)
        for name in ('synthfld', 'fld', 'flatlay', 'street')
    },
    **{
        f'{name}-paper': Scale(
            rows.GARMENT_ROWS,
            _PAPER_CONFIGS,
            PAPER,
            amp=True,
            environment=fld_like(name),
        )
        for name in ('fld', 'synthfld')
    },
}


def with_rows(
    names: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Scale]:
    """The scales on garments that have these rows, with what they need.

    Args:
        names (Iterable[str]): What a scale must have.
        optional (Iterable[str]): What is taken where a scale has it.
    """
    names, found = list(names), {}
    for key, scale in GARMENT_SCALES.items():
        known = {row.name for row in scale.rows}
        if known.issuperset(names):
            chosen = [*names, *(name for name in optional if name in known)]
            found[key] = replace(scale, rows=choose_rows(scale.rows, chosen))
    return found


_LSP_LITE0 = {
    'network': 'efficientnet-lite0',
    **{
        f'{kind}cascade': f'configs/backbones/dfa_lsp_{kind}'
        'efficientnet-lite0_stage3.py'
        for kind in ('', rows.LOCAL, rows.MAPS)
    },
}
_LSP_VGG16 = dict(
    network='vgg16',
    cascade='configs/dfa_lsp_stage3.py',
    local_cascade=f'{rows.OWN_CONFIGS}/dfa_lsp_local_stage3.py',
    maps_cascade=f'{rows.OWN_CONFIGS}/dfa_lsp_maps_stage3.py',
)
_LSP_MEDIUM = dict(
    network='vgg16-128',
    maps_cascade='configs/backbones/dfa_lsp_maps_vgg16-128_stage3.py',
)
_LSP_KINDS = ('', rows.LOCAL, rows.MAPS)
# Half of the routed branches' epochs; one network takes those of all stages.
LSP_SCALES = {
    'smoke': Scale(
        rows.LSP_ROWS,
        _LSP_LITE0,
        options={
            **SMOKE_OPTIONS,
            'train_cfg.max_epochs': '1',
            'train_dataloader.dataset.indices': '32',
            'test_dataloader.dataset.indices': '32',
        },
        seeds=(0,),
        note=SMOKE_NOTE,
    ),
    'small': Scale(
        rows.LSP_ROWS,
        _LSP_LITE0,
        {
            **{f'{kind}averaged': epochs(7) for kind in _LSP_KINDS},
            'single': epochs(40),
        },
    ),
    'medium': Scale(
        rows.LSP_MAPS_ROWS, _LSP_MEDIUM, dict(maps_averaged=epochs(7))
    ),
    'paper': Scale(
        rows.LSP_ROWS,
        _LSP_VGG16,
        dict(maps_averaged=epochs(80), single=epochs(480)),
        amp=True,
    ),
}


@dataclass(frozen=True)
class Source:
    """A set in FLD's layout that some rows of ``sources`` are trained on.

    Args:
        label (str): As the report calls it.
        variable (str): Of the environment, that names the folder.
        folder (str): Where the variable is not set, as in the configs.
    """

    label: str
    variable: str
    folder: str

    @property
    def root(self) -> str:
        return os.environ.get(self.variable, self.folder)


SOURCES = (
    Source('real, flat', 'FLATLAY_ROOT', 'data/flatlay_fld'),
    Source('real, worn', 'STREET_ROOT', 'data/street_fld'),
    Source('SynthFLD', SYNTHFLD_ROOT, 'data/synthfld'),
    Source('composites', 'WORN_ROOT', 'data/worn_composites'),
    Source('self-labelled, flat', 'SELF_FLAT_ROOT', 'data/self_flat'),
    Source('self-labelled, worn', 'SELF_STREET_ROOT', 'data/self_street'),
)
# Of one thread, an epoch being 90 iterations of 16 pictures: one seed takes
# 2993 s, three seeds on two cores (--jobs 2) 75 min.
SOURCE_SCALES = {
    'smoke': Scale(
        rows.SOURCE_ROWS,
        budgets=SMOKE,
        options={
            **NO_VALIDATION,
            **SMOKE_OPTIONS,
            'train_dataloader.dataset.size': '32',
        },
        seeds=(0,),
        note=SMOKE_NOTE,
        environment=draw_smoke(*(each.variable for each in SOURCES)),
    ),
    'small': Scale(
        rows.SOURCE_ROWS,
        budgets=SMALL,
        options=NO_VALIDATION,
        note=SOURCES_NOTE,
    ),
}
