"""The rows of the tables, as data: what is trained, and from what it starts.

A row says how it differs from its config; ``{cascade}``, ``{deeppose}`` ...
in the name of a config are a scale's (:mod:`.scales`), and so is for how long
each budget trains. So one ladder is written once, for every cascade.

Which row starts from which, as we read Table 2: a stage goes on from the best
row of the stage before, and its own rows are alternatives to each other. The
routed rows of stage 3 need the offset pseudo-labels of stage 2, by which they
route.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

from dfa_mm.structures import FLD_SETS


class UnknownRowError(ValueError):
    """A name that none of the rows has."""


@dataclass(frozen=True)
class Row:
    """One system of a table.

    Args:
        name (str): Of the row's folders and on the command line.
        label (str): As the report prints it.
        config (str): From the repository's root, with a scale's places.
        stage (int, optional): Of a cascade; its last one by default.
        options (Mapping[str, str]): ``--cfg-options`` of ``tools/train.py``.
        parent (str, optional): The row from whose finished checkpoint this
            one starts; then only its last stage is trained.
        budget (str): For how long, by the scale's names; ``stageN`` or
            ``whole`` by default.
        networks (int): Trained by this row itself, without its ancestors.
        passes (int): How many of these each training image goes through: of
            two branches one if they are routed, both if they are averaged.
    """

    name: str
    label: str
    config: str = '{cascade}'
    stage: Optional[int] = None
    options: Mapping[str, str] = field(default_factory=dict)
    parent: Optional[str] = None
    budget: str = ''
    networks: int = 1
    passes: int = 1

    @property
    def budget_name(self) -> str:
        return self.budget or (f'stage{self.stage}' if self.stage else 'whole')


def lineage(rows: Iterable[Row], name: str) -> list[Row]:
    """A row's ancestors, the oldest first, and itself."""
    by_name = {row.name: row for row in rows}
    found = [by_name[name]]
    while found[0].parent is not None:
        found.insert(0, by_name[found[0].parent])
    return found


def choose_rows(
    rows: Sequence[Row], names: Optional[Iterable[str]] = None
) -> list[Row]:
    """The named rows, all by default, and what they start from, in order.

    Raises:
        UnknownRowError: If a name is not one of the rows'.
    """
    known = [row.name for row in rows]
    wanted = set()
    for name in known if names is None else names:
        if name not in known:
            raise UnknownRowError(
                f'there is no row {name!r}; the rows are {", ".join(known)}'
            )
        wanted.update(row.name for row in lineage(rows, name))
    return [row for row in rows if row.name in wanted]


def no_label(stage: int) -> dict[str, str]:
    """Direct regression: a stage without pseudo-labels."""
    return {f'model.stages.{stage - 1}.pseudo_label': 'None'}


def label(stage: int, **changes: str) -> dict[str, str]:
    """Pseudo-labels of a stage that differ from the cascade's."""
    key = f'model.stages.{stage - 1}.pseudo_label'
    return {f'{key}.{name}': value for name, value in changes.items()}


def look_round(*stages: int) -> dict[str, str]:
    """These stages see the features round the previous landmarks."""
    return {
        f'model.stages.{stage - 1}.head.type': 'LocalDFAHead'
        for stage in stages
    }


ONE_BRANCH = {'model.stages.2.branches': '1'}
AVERAGE = {'model.routing': 'average'}

# --- Table 2: garments -----------------------------------------------------
DIRECT1, SOFT1, AUTO1 = 'stage1_direct', 'stage1_soft', 'stage1_auto'
NO_VISIBILITY1, HARD1 = 'stage1_no_visibility', 'stage1_hard'
DIRECT2, ABSOLUTE2 = 'stage2_direct', 'stage2_absolute'
OFFSET2, LOCAL2 = 'stage2_offset', 'stage2_local'
DIRECT3, HALF3, BOTH3 = 'stage3_direct', 'stage3_half', 'stage3_two_branch'
ROUTED3, OFFSET3, LOCAL3 = 'stage3_routed', 'stage3_offset', 'stage3_local'
DFA, TRIPLE = 'stage3_contextual', 'direct_triple'
DEEPPOSE2, DEEPPOSE = 'deeppose_stage2', 'deeppose'

LADDER_ROWS = (
    Row(
        *(DIRECT1, 'stage 1, direct regression'),
        stage=1,
        options=no_label(1),
    ),
    Row(
        *(NO_VISIBILITY1, 'stage 1, - visibility'),
        stage=1,
        options={'model.head.visibility_weight': '0.0', **no_label(1)},
    ),
    Row(
        *(HARD1, 'stage 1, + p.-labels (T = 1)'),
        stage=1,
        options=label(1, temperature='1.0'),
    ),
    Row(SOFT1, 'stage 1, + p.-labels (T = 20)', stage=1),
    Row(
        *(DIRECT2, 'stage 2, direct regression'),
        stage=2,
        options=no_label(2),
        parent=SOFT1,
    ),
    Row(
        *(ABSOLUTE2, 'stage 2, + p.-labels (abs.)'),
        stage=2,
        options=label(2, space='absolute'),
        parent=SOFT1,
    ),
    Row(OFFSET2, 'stage 2, + p.-labels (offset)', stage=2, parent=SOFT1),
    Row(
        *(DIRECT3, 'stage 3, direct regression'),
        stage=3,
        options={**no_label(3), **ONE_BRANCH},
        parent=OFFSET2,
    ),
    Row(
        *(BOTH3, 'stage 3, + two-branch'),
        stage=3,
        options={**no_label(3), **AVERAGE},
        parent=OFFSET2,
        budget='averaged',
        networks=2,
        passes=2,
    ),
    Row(
        *(ROUTED3, 'stage 3, + auto-routing'),
        stage=3,
        options=no_label(3),
        parent=OFFSET2,
        networks=2,
    ),
    Row(
        *(OFFSET3, 'stage 3, + p.-labels (offset)'),
        stage=3,
        options=label(3, space='offset', temperature='20.0'),
        parent=OFFSET2,
        networks=2,
    ),
    Row(
        *(DFA, 'stage 3, + p.-labels (c. offset): DFA'),
        stage=3,
        parent=OFFSET2,
        networks=2,
    ),
)
LADDER = tuple(row.name for row in LADDER_ROWS)
ROUTED = (ROUTED3, OFFSET3, DFA)

# Three questions that the paper leaves open: does stage 1 miss labels that
# T = 20 makes practically zero; are the branches, each trained on half of the
# pictures, starved; is the cascade merely more compute?
OPEN_ROWS = (
    Row(
        *(AUTO1, 'stage 1, + p.-labels (T = auto): ours'),
        stage=1,
        options=label(1, temperature='auto'),
    ),
    Row(
        *(HALF3, 'stage 3, direct regression, half as long: ours'),
        stage=3,
        options={**no_label(3), **ONE_BRANCH},
        parent=OFFSET2,
        budget='averaged',
    ),
    Row(
        *(TRIPLE, 'direct regression, three times as long'),
        stage=1,
        options=no_label(1),
        budget='triple',
    ),
)
# Do coordinates alone tell a later stage too little? Maps are local as they
# are.
LOCAL_ROWS = (
    Row(
        *(LOCAL2, 'stage 2, + features round the landmarks: ours'),
        stage=2,
        options=look_round(2),
        parent=SOFT1,
    ),
    Row(
        *(LOCAL3, 'DFA, + features round the landmarks: ours'),
        stage=3,
        options=look_round(2, 3),
        parent=LOCAL2,
        networks=2,
    ),
)

# --- Fig. 5, 6 and 8: the rivals -------------------------------------------
LANDMARKS = len(FLD_SETS['all'])
DEEPPOSE_ROWS = (
    # its first stage is direct regression
    Row(
        *(DEEPPOSE2, 'DeepPose, stage 2', '{deeppose}'),
        stage=2,
        parent=DIRECT1,
        networks=LANDMARKS,
        passes=LANDMARKS,
    ),
    Row(
        *(DEEPPOSE, 'DeepPose', '{deeppose}'),
        stage=3,
        parent=DEEPPOSE2,
        networks=LANDMARKS,
        passes=LANDMARKS,
    ),
)
HEADS = {
    'regression': 'MMPose RegressionHead',
    'rle': 'MMPose RLEHead',
    'simcc': 'MMPose SimCCHead',
    'heatmap': 'MMPose HeatmapHead',
}
OWN_CONFIGS = 'projects/reproduction/configs'


def heads(data: str, names: Iterable[str] = HEADS) -> tuple[Row, ...]:
    """MMPose's own, one network each, on ``fld`` or ``lsp``."""
    config = f'{OWN_CONFIGS}/{data}_{{head}}_{{{{network}}}}.py'
    return tuple(
        Row(name, HEADS[name], config.format(head=name)) for name in names
    )


CASCADE_ROWS = (*LADDER_ROWS, *OPEN_ROWS)
GARMENT_ROWS = (
    *(*CASCADE_ROWS, *LOCAL_ROWS, *DEEPPOSE_ROWS),
    *heads('fld'),
)
RIVALS = (DIRECT1, TRIPLE, DEEPPOSE, *HEADS)
# What Fig. 5, 6 and 8 show: the rivals and the stages of the cascade.
SYSTEMS = (*RIVALS, SOFT1, OFFSET2, DFA)
# For narrow columns.
SHORT = {
    DIRECT1: 'direct',
    TRIPLE: 'direct, x 3',
    DEEPPOSE: 'DeepPose',
    'regression': 'regression',
    'rle': 'RLE',
    'simcc': 'SimCC',
    'heatmap': 'heatmap',
    SOFT1: 'DFA stage 1',
    OFFSET2: 'DFA stage 2',
    DFA: 'DFA',
}

# --- Table 4: Leeds Sports Pose --------------------------------------------
# The cascades whose later stages see features round the previous landmarks,
# and the ones that read landmarks off maps.
LOCAL, MAPS = 'local_', 'maps_'
SINGLE = 'maps_single'


def pose_rows(kind: str) -> tuple[Row, ...]:
    """The paper's steps from one network to the routed cascade.

    Args:
        kind (str): '', ``local_`` or ``maps_``; of the cascade's config, too.
    """
    said = f'{kind[:-1]}: ' if kind else ''
    # only the first cascade's first stage is the paper's direct regression
    direct = 'no pseudo-labels' if kind else 'direct regression'
    config = f'{{{kind}cascade}}'
    stage1, stage2 = f'{kind}stage1', f'{kind}stage2'
    return (
        Row(
            *(f'{kind}direct', f'{said}stage 1, {direct}', config),
            stage=1,
            options=no_label(1),
        ),
        Row(stage1, f'{said}+ pseudo-labels', config, stage=1),
        Row(stage2, f'{said}stage 2', config, stage=2, parent=stage1),
        Row(
            f'{kind}two_branch',
            *(f'{said}stage 3, two branches averaged', config),
            stage=3,
            options=AVERAGE,
            parent=stage2,
            budget=f'{kind}averaged',
            networks=2,
            passes=2,
        ),
        Row(
            *(f'{kind}dfa', f'{said}stage 3, routed (DFA)', config),
            stage=3,
            parent=stage2,
            networks=2,
        ),
    )


# The cascade's own head without a cascade, for as long as all of it.
SINGLE_ROW = Row(
    *(SINGLE, 'maps: one network for all epochs', '{maps_cascade}'),
    stage=1,
    options=no_label(1),
    budget='single',
)
LSP_ROWS = (
    *heads('lsp', ('regression', 'rle', 'heatmap')),
    SINGLE_ROW,
    *(row for kind in ('', LOCAL, MAPS) for row in pose_rows(kind)),
)
LSP_MAPS_ROWS = (*heads('lsp', ['heatmap']), *pose_rows(MAPS))

# --- What training data are worth ------------------------------------------
REAL, DRAWN, SYNTHETIC, MIXED = 'real', 'drawn', 'synthetic', 'both'
SELF, ALONE = 'self', 'single'
CASCADE2, CASCADE = 'cascade_stage2', 'cascade'


def source_row(name: str, label: str, data: str, **kwargs) -> Row:
    kwargs.setdefault('stage', 1)
    return Row(name, label, f'{OWN_CONFIGS}/sources_{data}.py', **kwargs)


SOURCE_ROWS = (
    source_row(REAL, 'real photographs', 'real'),
    source_row(DRAWN, 'drawn garments alone', 'drawn'),
    source_row(SYNTHETIC, 'drawn garments and composites', 'synthetic'),
    source_row(MIXED, 'real and synthetic', 'both'),
    source_row(SELF, 'the same and self-labelled', 'self'),
    source_row(CASCADE2, 'real, stage 2', 'real', stage=2, parent=REAL),
    source_row(
        *(CASCADE, 'real, stage 3: the cascade', 'real'),
        stage=3,
        parent=CASCADE2,
        networks=2,
    ),
    source_row(
        *(ALONE, 'real, one stage for as long as all three', 'real'),
        budget='single',
    ),
)
