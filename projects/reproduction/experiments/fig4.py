"""Fig. 4: what the clusters of the three spaces look like."""

import math
from pathlib import Path
from typing import Optional

import cv2
import numpy as np
import torch

from dfa_mm.visualization import contact_sheet
from dfa_mm.visualization.text import with_title

from .. import numbers, tables
from ..clusters import Clusters, View, describe, look, majority_share
from ..networks import build_dataset, spread_evenly, trained_model
from ..report import picture, section, write_report
from ..results import Finished, Results
from ..rows import DFA
from ..tiles import mark, write_jpeg

TITLE = 'Fig. 4: the clusters behind the pseudo-labels'
# Of the training set, evenly; the members are counted over all of it.
PICTURES = 1600
TILES, TILE_SIZE, BLOCKS_IN_A_ROW = 5, 110, 2
_UNITS = dict(
    absolute='pixels of a crop of 224',
    offset='pixels of a crop of 224',
    contextual='squared pixels of a crop of 224',
)


def write(results: Results) -> Path:
    """report.md, report.json and a montage for each stage."""
    each = results.usable(DFA)
    stages = {} if each is None else look_at_clusters(results, each)
    sections = ['No finished run with a checkpoint yet.']
    if each is not None:
        sections = [
            f'Clusters of `{each.run.name}`, in crops as training sees them: '
            'moved, turned and recoloured. Crosses are the truth, lines the '
            'errors of the stage before.',
            softness_section(stages),
            *(
                stage_section(results, name, clusters, sheet)
                for name, (clusters, _, sheet) in stages.items()
            ),
        ]
    return write_report(
        results,
        TITLE,
        sections,
        dict(
            clusters={
                name: as_json(clusters, shares)
                for name, (clusters, shares, _) in stages.items()
            }
        ),
        numbers.summary,
    )


def as_json(clusters: Clusters, shares: dict) -> dict:
    found = dict(vars(clusters), softness=clusters.softness._asdict())
    del found['nearest']
    return dict(found, majority_share=shares)


def look_at_clusters(results: Results, each: Finished) -> dict:
    """By stage: its clusters, how pure they are and their montage."""
    model = trained_model(each.run)
    dataset = build_dataset(each.run, each.run.cfg.train_dataloader.dataset)
    chosen = spread_evenly(PICTURES, len(dataset))
    view = look(model, dataset, chosen, results.console)
    found = {}
    for i, stage in enumerate(model.stages):
        previous = view.landmarks[i - 1] if i else None
        clusters = describe(stage.pseudo_label, previous, view.targets)
        sheet = None
        if results.photographs:
            results.console.print(f'Drawing the clusters of stage {i + 1}')
            sheet = montage(view, clusters, i, dataset.metainfo)
        found[f'stage {i + 1}'] = clusters, purity(view, clusters), sheet
    return found


def purity(view: View, clusters: Clusters) -> dict[str, tuple]:
    """Kind to the share of its clusters' majorities and of all pictures'."""
    return {
        kind: (
            majority_share(clusters.nearest, codes),
            majority_share([range(len(codes))], codes),
        )
        for kind, codes in view.kinds.items()
    }


def montage(
    view: View, clusters: Clusters, stage: int, meta: dict
) -> np.ndarray:
    """Every cluster's pictures nearest to its centre, with their number."""
    blocks = []
    for number, (count, error, nearest) in enumerate(
        zip(clusters.counts, clusters.errors, clusters.nearest), start=1
    ):
        title = f'{number}: {count} members'
        title += f', mean error {error:.3f}' if stage else ''
        tiles = [_cluster_tile(view, i, stage, meta) for i in nearest[:TILES]]
        blank = np.full((TILE_SIZE, TILE_SIZE, 3), 255, np.uint8)
        blocks.append(
            with_title(contact_sheet([*tiles, blank][:TILES], TILES), title)
        )
    return contact_sheet(blocks, BLOCKS_IN_A_ROW, gap=10)


def _cluster_tile(view: View, index: int, stage: int, meta: dict):
    """The truth in stage 1, later the estimates and how far off they are."""
    crop = cv2.resize(view.crops[index], (TILE_SIZE, TILE_SIZE))
    states = view.targets.visibility[index].numpy()
    truth = to_tile(view.targets.landmarks[index])
    if not stage:
        return mark(crop, truth, states, meta)
    previous = to_tile(view.landmarks[stage - 1][index])
    known = view.targets.weights[index].numpy() > 0
    return mark(crop, previous, states, meta, truth, known)


def to_tile(landmarks: torch.Tensor) -> np.ndarray:
    """(K, 2) in [-0.5, 0.5] of the crop to pixels of the tile."""
    return (landmarks.numpy() + 0.5) * TILE_SIZE


def softness_section(stages: dict) -> str:
    """One line per stage."""
    lines = [
        [
            name,
            clusters.space,
            f'{clusters.temperature:.4g}',
            tables.number(clusters.softness.entropy, 2),
            tables.number(math.log(len(clusters.counts)), 2),
            tables.number(clusters.softness.largest, 2),
            *(
                f'{tables.number(own, 2)} ({tables.number(all_, 2)})'
                for own, all_ in shares.values()
            ),
        ]
        for name, (clusters, shares, _) in stages.items()
    ]
    header = (
        *('stage', 'space', 'T', 'entropy', 'at most', 'largest entry'),
        *('clothes type', 'variation'),
    )
    return section(
        'Softness and meaning',
        tables.table(header, lines),
        'T in the unit of the space '
        f'({"; ".join(f"{k}: {v}" for k, v in _UNITS.items())}). Mean '
        'entropy of the labels in nats, its largest possible value, and '
        'the mean largest entry. Clothes type and variation: share of the '
        "pictures that are of their cluster's most frequent kind, in "
        'brackets the same for all pictures as one cluster.',
    )


def stage_section(
    results: Results,
    name: str,
    clusters: Clusters,
    sheet: Optional[np.ndarray],
) -> str:
    """The montage and the sizes."""
    shown = ''
    if sheet is not None:
        file = f'clusters_{name.replace(" ", "")}.jpg'
        write_jpeg(results.folder / file, sheet)
        shown = picture('Training pictures of every cluster', file)
    sizes = ', '.join(map(str, clusters.counts))
    errors = ', '.join(f'{error:.3f}' for error in clusters.errors)
    return section(
        f'{name.capitalize()}: {clusters.space}',
        shown,
        f'Members in the training set: {sizes}.',
        'Mean error of the stage before, in sides of the crop, in the '
        f'same order: {errors}.'
        if any(clusters.errors)
        else '',
    )
