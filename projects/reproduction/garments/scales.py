"""The rows at each size and on each data set."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Optional

from ..row import Experiment, Row, Scale, choose_rows
from .data import cascade, draw_smoke, network_on, use_synthfld
from .rows import (
    Budget,
    auto_temperature,
    deeppose,
    half,
    heads,
    ladder,
    local,
    triple,
)

GROUP = 'fld'
SMOKE_NOTE = 'A trial of the tool: these numbers mean nothing.'
SMALL_NOTE = (
    'A small backbone, small pictures and a short training: only the '
    "directions, not the sizes, can be compared with the paper's numbers."
)
MAPS_NOTE = (
    f'{SMALL_NOTE} The cascade is a departure from the paper: it reads its '
    'landmarks off maps, and later stages see the previous ones drawn.'
)
# The command line's scales to their data sets, the default first.
DATA = {
    'smoke': ('synthfld',),
    'small': ('photos', 'synthfld', 'fld'),
    'maps': ('photos', 'synthfld', 'fld'),
    'paper': ('fld', 'synthfld'),
}

# Of one thread: 0.32 s for an iteration of 16 pictures in stage 1, 0.37 s in
# stage 2 and 0.5 s in stage 3, where the frozen stages run as well (0.85 s
# with both branches), and a minute per row to start, to look at the training
# set and to test. 1200 pictures are 75 iterations. Table 2 of one seed:
#   stage 1: 5 rows x 8 epochs x 75 x 0.32 s                       960 s
#            direct regression for 24 epochs                       576 s
#   stage 2: 4 rows x 5 epochs x 75 x 0.37 s                       555 s
#   stage 3: 5 rows x 6 epochs x 75 x 0.5 s                       1125 s
#            both branches on everything, 3 epochs x 75 x 0.85 s   191 s
#            direct regression for 3 epochs                        112 s
#   17 rows x 60 s                                                1020 s
# 4539 s; three seeds on two cores (--jobs 2) 6809 s, 1 h 53 min. The rivals
# of Fig. 5, 6 and 8 come on top. DeepPose, eight networks per iteration:
#   stage 2: 5 epochs x 75 x 2.6 s, stage 3: 6 epochs x 75 x 3.4 s  2505 s
# per seed, and each of MMPose's heads, 19 epochs x 75 x 0.3 s,     428 s.
SMALL_EPOCHS = {1: 8, 2: 5, 3: 6}
# Each of the two branches then makes as many passes as a routed one.
SMALL_AVERAGED = 3
SMALL_PICTURES = {
    'train_dataloader.dataset.indices': '1200',
    'test_dataloader.dataset.indices': '1000',
}
_PICTURES = dict(photos={}, synthfld=SMALL_PICTURES, fld=SMALL_PICTURES)
# Of the photographs, all 1595 of them, for fewer epochs: Table 2 then takes
# 4383 s per seed, 1 h 50 min for three on two cores.
PHOTOS_EPOCHS = {1: 6, 2: 4, 3: 4}
PHOTOS_AVERAGED = 2
_PREPARE = dict(synthfld=use_synthfld)
PAPER_ITERATIONS = 10000
NO_VALIDATION = {
    f'val_{part}': 'None' for part in ('cfg', 'dataloader', 'evaluator')
}


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


def auxiliary(t1: int, t2: int) -> dict[str, str]:
    """Between which iterations the auxiliary losses fall (Eq. 4)."""
    return {'custom_hooks.1.t1': str(t1), 'custom_hooks.1.t2': str(t2)}


SMOKE = Budget(
    stages={stage: epochs(1) for stage in (1, 2, 3)},
    triple=epochs(3),
    whole=epochs(1),
)


def short_training(stages: Mapping[int, int], averaged: int) -> Budget:
    """Of the small scales.

    Args:
        stages (Mapping[int, int]): Epochs by stage of the cascade.
        averaged (int): Epochs of the two branches that both see every
            picture.
    """
    return Budget(
        stages={stage: epochs(number) for stage, number in stages.items()},
        averaged=epochs(averaged),
        triple=epochs(3 * stages[1]),
        auxiliary=auxiliary(250, 500),
        whole=epochs(sum(stages.values())),
    )


SMALL = short_training(SMALL_EPOCHS, SMALL_AVERAGED)
_BUDGETS = dict(
    photos=short_training(PHOTOS_EPOCHS, PHOTOS_AVERAGED),
    synthfld=SMALL,
    fld=SMALL,
)
PAPER = Budget(averaged=iterations(PAPER_ITERATIONS // 2))
# Four iterations of each row, from a random start.
SMOKE_OPTIONS = {
    **NO_VALIDATION,
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


LITE0, VGG16 = 'efficientnet-lite0', 'vgg16'
_BASELINES = {
    LITE0: f'configs/baselines/photos_{{}}_{LITE0}.py',
    VGG16: f'configs/baselines/fld_{{}}_{VGG16}.py',
}
_DEEPPOSE = {
    LITE0: f'configs/baselines/deeppose_photos_{LITE0}_stage{{}}.py',
    VGG16: 'configs/baselines/deeppose_fld_stage{}.py',
}


def all_rows(budget: Budget, backbone: str) -> tuple[Row, ...]:
    """The ladder and its rivals.

    Args:
        budget (Budget): How long they are trained.
        backbone (str): As the configs of the rivals are called.
    """
    baseline = _BASELINES[backbone]
    return (
        *cascade_rows(budget, backbone),
        *local(budget),
        *deeppose(_DEEPPOSE[backbone], budget),
        *heads(baseline, budget),
    )


def cascade_rows(budget: Budget, backbone: str) -> tuple[Row, ...]:
    """The ladder and three questions about it that the paper leaves open."""
    baseline = _BASELINES[backbone].format('direct_3x')
    return (
        *ladder(budget),
        auto_temperature(budget),
        half(budget),
        triple(baseline, budget),
    )


def _small(data: str) -> Scale:
    """The paper's form, with all its rivals."""
    return Scale(
        all_rows(_BUDGETS[data], LITE0),
        options={**NO_VALIDATION, **_PICTURES[data]},
        note=SMALL_NOTE,
        environment=network_on(data, f'dfa_fld_{LITE0}'),
        prepare=_PREPARE.get(data),
    )


def _maps(data: str) -> Scale:
    """The small scale's cascade off maps; the rivals have no such form."""
    return replace(
        _small(data),
        rows=cascade_rows(_BUDGETS[data], LITE0),
        note=MAPS_NOTE,
        environment=network_on(data, f'dfa_fld_maps_{LITE0}'),
    )


def _paper(prepare: Optional[Callable] = None) -> Scale:
    return Scale(
        all_rows(PAPER, VGG16),
        amp=True,
        environment=cascade('dfa_fld'),
        prepare=prepare,
    )


# All that experiments on garments share; each takes its rows from here.
SCALES = {
    'synthfld-smoke': Scale(
        all_rows(SMOKE, LITE0),
        seeds=(0,),
        options=SMOKE_OPTIONS,
        note=SMOKE_NOTE,
        environment=cascade('dfa_synthfld'),
        prepare=draw_smoke,
    ),
    **{f'{name}-small': _small(name) for name in DATA['small']},
    **{f'{name}-maps': _maps(name) for name in DATA['maps']},
    'fld-paper': _paper(),
    'synthfld-paper': _paper(use_synthfld),
}


def with_rows(
    names: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Scale]:
    """The scales that have these rows, with what they start from.

    Args:
        names (Iterable[str]): What a scale must have.
        optional (Iterable[str]): What is taken where a scale has it.
    """
    names, optional, found = list(names), list(optional), {}
    for key, scale in SCALES.items():
        known = {row.name for row in scale.rows}
        if known.issuperset(names):
            chosen = [*names, *(name for name in optional if name in known)]
            rows = choose_rows(scale.rows, chosen)
            found[key] = replace(scale, rows=rows)
    return found


def data_of(scales: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of DATA what these keys of SCALES leave."""
    keys = set(scales)
    left = {
        scale: tuple(name for name in names if f'{name}-{scale}' in keys)
        for scale, names in DATA.items()
    }
    return {scale: names for scale, names in left.items() if names}


def garment_experiment(
    name: str,
    help: str,
    rows: Sequence[str],
    write_report: Callable,
    trains: bool = True,
    optional: Sequence[str] = (),
) -> Experiment:
    """An experiment whose runs are shared with the others on garments.

    ``rows`` and ``optional`` are those of :func:`with_rows`.
    """
    scales = with_rows(rows, optional)
    return Experiment(
        name=name,
        help=help,
        scales=scales,
        default_scale='small',
        write_report=write_report,
        data=data_of(scales),
        group=GROUP,
        trains=trains,
    )
