"""Table 4: strict PCP on Leeds Sports Pose, baselines and our ladder."""

from dataclasses import replace

from .row import Experiment, Row, Scale
from .table4_report import (
    AVERAGED,
    DIRECT,
    MAPS,
    ROUTED,
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
SMOKE_NOTE = 'A trial of the tool: these numbers mean nothing.'


def baselines(backbone: str) -> tuple[Row, ...]:
    """MMPose's own heads, one network each."""
    labels = {
        'regression': 'MMPose RegressionHead',
        'rle': 'MMPose RLEHead',
        'heatmap': 'MMPose HeatmapHead',
    }
    return tuple(
        Row(name, label, f'configs/baselines/lsp_{name}_{backbone}.py')
        for name, label in labels.items()
    )


def ladder(config: str) -> tuple[Row, ...]:
    """The paper's steps from one network to the routed cascade."""
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
            {'model.routing': 'average'},
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


def with_maps(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The same ladder for the cascade that reads landmarks off maps."""
    return tuple(
        replace(
            row,
            name=f'{MAPS}{row.name}',
            label=f'maps: {row.label}',
            parent=row.parent and f'{MAPS}{row.parent}',
        )
        for row in rows
    )


def both_ladders(folder: str, backbone: str) -> tuple[Row, ...]:
    regression, maps = (
        f'{folder}/dfa_lsp_{kind}{backbone}stage3.py' for kind in ('', MAPS)
    )
    return (*ladder(regression), *with_maps(ladder(maps)))


_SMALL = (
    *baselines('efficientnet-lite0'),
    *both_ladders('configs/backbones', 'efficientnet-lite0_'),
)
_PAPER = (*baselines('vgg16'), *both_ladders('configs', ''))

EXPERIMENT = Experiment(
    name='table4',
    help='strict PCP on Leeds Sports Pose (Table 4)',
    scales={
        'smoke': Scale(
            _SMALL, seeds=(0,), options=SMOKE_OPTIONS, note=SMOKE_NOTE
        ),
        'small': Scale(_SMALL),
        'paper': Scale(_PAPER, amp=True),
    },
    default_scale='small',
    write_report=write_report,
)
