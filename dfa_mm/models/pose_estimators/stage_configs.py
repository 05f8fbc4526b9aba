"""What every stage is built from: what all share, and what it has of its own.

A stage's dict is merged key by key into the shared one, as a config into its
base, also where it names another ``type``; ``_delete_=True`` replaces. What
follows from a stage's place and pseudo-label need not be written.
"""

from copy import deepcopy
from typing import Any, Sequence

from dfa_mm.models.pseudo_labels import NUM_CLUSTERS


def resolve_stage(shared: dict, own: dict, number: int, refine: bool) -> dict:
    """Arguments of :class:`CascadeStage` for one stage.

    Args:
        shared (dict): ``backbone``, ``head`` and ``neck`` of every network.
        own (dict): What differs, and ``pseudo_label`` and ``branches``.
        number (int): Of the stage, from 1.
        refine (bool): Whether it takes the landmarks of the one before.

    Raises:
        ValueError: If something is written that does not agree with the
            stage's place or pseudo-label.
    """
    config = merged(shared, own)
    head, label = config['head'], config.get('pseudo_label')
    where = f'of stage {number}'
    _fill(head, 'refine', refine, where, 'by its place in the cascade')
    num_clusters = 0
    if label is not None:
        num_clusters = label.setdefault('num_clusters', NUM_CLUSTERS)
        label.setdefault('num_landmarks', head['num_landmarks'])
        head.setdefault('loss_pseudo_label', dict(type='EuclideanLoss'))
    _fill(head, 'num_clusters', num_clusters, where, 'by its pseudo_label')
    return config


def _fill(head: dict, key: str, value: Any, where: str, why: str) -> None:
    if head.setdefault(key, value) != value:
        raise ValueError(
            f'the head {where} is given {key}={head[key]}, but {why} it is '
            f'{value}: leave {key} out'
        )


def merged(base: dict, own: dict) -> dict:
    """``base`` with ``own`` merged into it; neither is edited."""
    result = deepcopy(base)
    for key, value in own.items():
        if not isinstance(value, dict):
            result[key] = deepcopy(value)
            continue
        known = result.get(key)
        if not isinstance(known, dict) or value.get('_delete_'):
            known = {}
        value = {k: v for k, v in value.items() if k != '_delete_'}
        result[key] = merged(known, value)
    return result


def needs_router(stages: Sequence[dict]) -> bool:
    """Whether a stage has two branches, between which the one before chooses.

    Raises:
        ValueError: If there is no pseudo-label of offsets to route by.
    """
    found = False
    for i, stage in enumerate(stages):
        if stage.get('branches', 1) == 1:
            continue
        found = True
        label = stages[i - 1].get('pseudo_label') if i else None
        if label is None:
            raise ValueError(
                f'stage {i + 1} has two branches, but no stage before it '
                'predicts a pseudo-label to route by'
            )
        if label['space'] == 'absolute':
            raise ValueError(
                f'stage {i + 1} is routed by the errors of the clusters of '
                f'stage {i}, which must be clusters of offsets'
            )
    return found
