"""Table 4: strict PCP on Leeds Sports Pose, baselines and our ladder."""

from collections.abc import Sequence
from dataclasses import replace

from .row import Experiment, Row, Scale
from .table4_report import (
    AVERAGED,
    DIRECT,
    LOCAL,
    MAPS,
    ROUTED,
    SINGLE,
    STAGE1,
    STAGE2,
    write_report,
)

# A few seconds for each row: 32 pictures, once, from a random start.
SMOKE_OPTIONS = {
    'train_cfg.max_epochs': '1',
    'train_dataloader.batch_size': '8',
    'train_dataloader.dataset.indices': '32',
    'test_dataloader.dataset.indices': '32',
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
HEADS = {
    'regression': 'MMPose RegressionHead',
    'rle': 'MMPose RLEHead',
    'heatmap': 'MMPose HeatmapHead',
}
SMOKE_NOTE = 'A trial of the tool: these numbers mean nothing.'


def baselines(
    backbone: str, heads: Sequence[str] = tuple(HEADS)
) -> tuple[Row, ...]:
    """MMPose's own heads, one network each."""
    return tuple(
        Row(name, HEADS[name], f'configs/baselines/lsp_{name}_{backbone}.py')
        for name in heads
    )


def single(backbone: str) -> Row:
    """The cascade's own head without a cascade, for as long."""
    return Row(
        SINGLE,
        'maps: one network for all epochs',
        f'configs/baselines/lsp_maps_{backbone}.py',
    )


def ladder(config: str, averaged_epochs: str = '') -> tuple[Row, ...]:
    """The paper's steps from one network to the routed cascade.

    Args:
        config (str): Of the routed cascade.
        averaged_epochs (str): Of the two branches that both see every image;
            half of the routed ones' make as many passes.
    """
    averaged = {'model.routing': 'average'}
    if averaged_epochs:
        averaged['train_cfg.max_epochs'] = averaged_epochs
        averaged['param_scheduler.1.T_max'] = averaged_epochs
    one_stage, two_stages = (
        {'model.num_stages': '1'},
        {'model.num_stages': '2'},
    )
    return (
        Row(
            DIRECT,
            'stage 1, direct regression',
            config,
            {**one_stage, 'model.stages.0.pseudo_label': 'None'},
        ),
        Row(STAGE1, '+ pseudo-labels', config, one_stage),
        Row(STAGE2, 'stage 2', config, two_stages, parent=STAGE1),
        Row(
            AVERAGED,
            'stage 3, two branches averaged',
            config,
            averaged,
            parent=STAGE2,
            networks=2,
            passes=2,
        ),
        Row(
            ROUTED,
            'stage 3, routed (DFA)',
            config,
            parent=STAGE2,
            networks=2,
        ),
    )


def variant(prefix: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The same ladder for another cascade, by other names."""
    return tuple(
        replace(
            row,
            name=f'{prefix}{row.name}',
            label=f'{prefix[:-1]}: {row.label}'.replace(*PLAIN_FIRST),
            parent=row.parent and f'{prefix}{row.parent}',
        )
        for row in rows
    )


def ladders(config: str, epochs: str = '', map_epochs: str = ''):
    """Those of the three cascades; ``config`` has a place for the prefix."""
    return (
        *ladder(config.format(''), epochs),
        *variant(LOCAL, ladder(config.format(LOCAL), epochs)),
        *variant(MAPS, ladder(config.format(MAPS), map_epochs)),
    )


# Only the first cascade's first stage is the paper's direct regression.
PLAIN_FIRST = ('direct regression', 'no pseudo-labels')

_LITE0 = 'configs/backbones/dfa_lsp_{}efficientnet-lite0_stage3.py'
_VGG16 = 'configs/dfa_lsp_{}stage3.py'
_MEDIUM_MAPS = 'configs/backbones/dfa_lsp_maps_vgg16-128_stage3.py'
_SMOKE = (
    *baselines('efficientnet-lite0'),
    single('efficientnet-lite0'),
    *ladders(_LITE0),
)
_SMALL = (
    *baselines('efficientnet-lite0'),
    single('efficientnet-lite0'),
    *ladders(_LITE0, '7', '7'),
)
_MEDIUM = (
    *baselines('vgg16-128', ('heatmap',)),
    *variant(MAPS, ladder(_MEDIUM_MAPS, '7')),
)
_PAPER = (
    *baselines('vgg16'),
    single('vgg16'),
    *ladders(_VGG16, map_epochs='80'),
)

EXPERIMENT = Experiment(
    name='table4',
    help='strict PCP on Leeds Sports Pose (Table 4)',
    scales={
        'smoke': Scale(
            _SMOKE, seeds=(0,), options=SMOKE_OPTIONS, note=SMOKE_NOTE
        ),
        'small': Scale(_SMALL),
        'medium': Scale(_MEDIUM),
        'paper': Scale(_PAPER, amp=True),
    },
    default_scale='small',
    write_report=write_report,
)
