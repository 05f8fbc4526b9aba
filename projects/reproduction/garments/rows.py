"""Tables 2 and 3 as rows that start from each other; and their rivals.

Which row starts from which, as we read Table 2: a stage goes on from the best
row of the stage before, and its own rows are alternatives to each other. The
routed rows of stage 3 need the offset pseudo-labels of stage 2, by which they
route.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dfa_mm.structures import FLD_SETS

from ..row import Row

STAGE1_DIRECT = 'stage1_direct'
STAGE1_NO_VISIBILITY = 'stage1_no_visibility'
STAGE1_HARD = 'stage1_hard'
STAGE1_SOFT = 'stage1_soft'
STAGE2_DIRECT = 'stage2_direct'
STAGE2_ABSOLUTE = 'stage2_absolute'
STAGE2_OFFSET = 'stage2_offset'
STAGE3_DIRECT = 'stage3_direct'
STAGE3_TWO_BRANCH = 'stage3_two_branch'
STAGE3_ROUTED = 'stage3_routed'
STAGE3_OFFSET = 'stage3_offset'
DFA = 'stage3_contextual'
STAGE1_AUTO = 'stage1_auto'
STAGE3_HALF = 'stage3_half'
STAGE2_LOCAL, STAGE3_LOCAL = 'stage2_local', 'stage3_local'
TRIPLE = 'direct_triple'
DEEPPOSE2, DEEPPOSE = 'deeppose_stage2', 'deeppose'
HEADS = {
    'regression': 'MMPose RegressionHead',
    'rle': 'MMPose RLEHead',
    'simcc': 'MMPose SimCCHead',
    'heatmap': 'MMPose HeatmapHead',
}
RIVALS = (STAGE1_DIRECT, TRIPLE, DEEPPOSE, *HEADS)
# What Fig. 5, 6 and 8 show: the rivals and the stages of the cascade.
SYSTEMS = (*RIVALS, STAGE1_SOFT, STAGE2_OFFSET, DFA)
# For narrow columns.
SHORT = {
    STAGE1_DIRECT: 'direct',
    TRIPLE: 'direct, x 3',
    DEEPPOSE: 'DeepPose',
    'regression': 'regression',
    'rle': 'RLE',
    'simcc': 'SimCC',
    'heatmap': 'heatmap',
    STAGE1_SOFT: 'DFA stage 1',
    STAGE2_OFFSET: 'DFA stage 2',
    DFA: 'DFA',
}
LANDMARKS = len(FLD_SETS['all'])

_CONFIG = 'configs/ablations/{}.py'
# name, label, stage
_LADDER = (
    (STAGE1_DIRECT, 'stage 1, direct regression', 1),
    (STAGE1_NO_VISIBILITY, 'stage 1, - visibility', 1),
    (STAGE1_HARD, 'stage 1, + p.-labels (T = 1)', 1),
    (STAGE1_SOFT, 'stage 1, + p.-labels (T = 20)', 1),
    (STAGE2_DIRECT, 'stage 2, direct regression', 2),
    (STAGE2_ABSOLUTE, 'stage 2, + p.-labels (abs.)', 2),
    (STAGE2_OFFSET, 'stage 2, + p.-labels (offset)', 2),
    (STAGE3_DIRECT, 'stage 3, direct regression', 3),
    (STAGE3_TWO_BRANCH, 'stage 3, + two-branch', 3),
    (STAGE3_ROUTED, 'stage 3, + auto-routing', 3),
    (STAGE3_OFFSET, 'stage 3, + p.-labels (offset)', 3),
    (DFA, 'stage 3, + p.-labels (c. offset): DFA', 3),
)
LADDER = tuple(name for name, _, _ in _LADDER)
_PARENTS = {1: None, 2: STAGE1_SOFT, 3: STAGE2_OFFSET}
_BRANCHED = (STAGE3_TWO_BRANCH, STAGE3_ROUTED, STAGE3_OFFSET, DFA)

ROUTED = (STAGE3_ROUTED, STAGE3_OFFSET, DFA)
# The rows of Table 3.
TABLE3_ROWS = (
    *(STAGE1_DIRECT, STAGE1_SOFT, STAGE2_DIRECT, STAGE2_OFFSET),
    *(STAGE3_DIRECT, STAGE3_ROUTED, DFA),
)


@dataclass(frozen=True)
class Budget:
    """Options that say for how long what is trained.

    Args:
        stages (Mapping[int, Mapping]): By stage of the cascade.
        averaged (Mapping[str, str]): Of the two branches that both see every
            picture, and of one network that sees as many as a routed branch
            does; above those of stage 3.
        triple (Mapping[str, str]): Of direct regression for three times as
            long, above those of stage 1.
        auxiliary (Mapping[str, str]): Of every row of the cascade.
        whole (Mapping[str, str]): Of a rival that is one network trained for
            as many passes as the cascade's stages together.
    """

    stages: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    averaged: Mapping[str, str] = field(default_factory=dict)
    triple: Mapping[str, str] = field(default_factory=dict)
    auxiliary: Mapping[str, str] = field(default_factory=dict)
    whole: Mapping[str, str] = field(default_factory=dict)

    def of_stage(self, stage: int) -> dict[str, str]:
        return {**self.auxiliary, **self.stages.get(stage, {})}


def ladder(budget: Budget) -> tuple[Row, ...]:
    """The rows of Table 2 in its order."""
    return tuple(_rung(*each, budget) for each in _LADDER)


def _rung(name: str, label: str, stage: int, budget: Budget) -> Row:
    averaged = name == STAGE3_TWO_BRANCH
    return Row(
        name,
        label,
        _CONFIG.format(name),
        {**budget.of_stage(stage), **(budget.averaged if averaged else {})},
        parent=_PARENTS[stage],
        networks=2 if name in _BRANCHED else 1,
        passes=2 if averaged else 1,
    )


def auto_temperature(budget: Budget) -> Row:
    """Does stage 1 miss labels that T = 20 makes practically zero?"""
    return Row(
        STAGE1_AUTO,
        'stage 1, + p.-labels (T = auto): ours',
        _CONFIG.format(STAGE1_AUTO),
        budget.of_stage(1),
    )


def half(budget: Budget) -> Row:
    """Are the branches, each trained on half of the pictures, starved?"""
    return Row(
        STAGE3_HALF,
        'stage 3, direct regression, half as long: ours',
        _CONFIG.format(STAGE3_DIRECT),
        {**budget.of_stage(3), **budget.averaged},
        parent=_PARENTS[3],
    )


def local(budget: Budget) -> tuple[Row, Row]:
    """Do coordinates alone tell a later stage too little?"""
    return (
        Row(
            STAGE2_LOCAL,
            'stage 2, + features round the landmarks: ours',
            _CONFIG.format(STAGE2_LOCAL),
            budget.of_stage(2),
            parent=STAGE1_SOFT,
        ),
        Row(
            STAGE3_LOCAL,
            'DFA, + features round the landmarks: ours',
            _CONFIG.format(STAGE3_LOCAL),
            budget.of_stage(3),
            parent=STAGE2_LOCAL,
            networks=2,
        ),
    )


def triple(config: str, budget: Budget) -> Row:
    """Is the cascade merely more compute?"""
    return Row(
        TRIPLE,
        'direct regression, three times as long',
        config,
        {**budget.of_stage(1), **budget.triple},
    )


def deeppose(config: str, budget: Budget) -> tuple[Row, Row]:
    """DeepPose's stages 2 and 3; its first is direct regression.

    Args:
        config (str): With a place for the stage.
        budget (Budget): Of the cascade; a picture trains all eight networks
            of a stage.
    """
    return (
        Row(
            DEEPPOSE2,
            'DeepPose, stage 2',
            config.format(2),
            budget.of_stage(2),
            parent=STAGE1_DIRECT,
            networks=LANDMARKS,
            passes=LANDMARKS,
        ),
        Row(
            DEEPPOSE,
            'DeepPose',
            config.format(3),
            budget.of_stage(3),
            parent=DEEPPOSE2,
            networks=LANDMARKS,
            passes=LANDMARKS,
        ),
    )


def heads(config: str, budget: Budget) -> tuple[Row, ...]:
    """MMPose's own, one network each; ``config`` has a place for the name."""
    return tuple(
        Row(name, label, config.format(name), budget.whole)
        for name, label in HEADS.items()
    )
