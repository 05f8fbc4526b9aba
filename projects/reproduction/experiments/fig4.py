"""Fig. 4: what the clusters of the three spaces look like."""

import math
from pathlib import Path

import cv2
import numpy as np
import torch

from dfa_mm.visualization import contact_sheet
from dfa_mm.visualization.text import with_title

from .. import numbers, tables
from ..clusters import Clusters, View, describe, look, majority_share
from ..networks import build_dataset, spread_evenly, trained_model
from ..report import write_report
from ..results import Finished, Results
from ..rows import DFA
from ..tiles import mark, write_jpeg

# Of the training set, evenly; the members are counted over all of it.
PICTURES = 1600
TILES, TILE_SIZE, BLOCKS_IN_A_ROW = 5, 110, 2


def write(results: Results) -> Path:
    """report.md, report.json and a montage for each stage."""
    each = results.usable(DFA)
    stages = look_at_clusters(results, each) if each else {}
    return write_report(
        results,
        dict(
            run=each and each.run.name,
            stages=[clusters for clusters, _ in stages.values()],
            softness=softness_table(stages),
            photographs=results.photographs,
        ),
        dict(clusters={n: as_json(*found) for n, found in stages.items()}),
        numbers.summary,
    )


def as_json(clusters: Clusters, shares: dict) -> dict:
    found = dict(vars(clusters), softness=clusters.softness._asdict())
    del found['nearest']
    return dict(found, majority_share=shares)


def look_at_clusters(results: Results, each: Finished) -> dict:
    """By stage: its clusters and how pure they are; draws them."""
    model = trained_model(each.run)
    dataset = build_dataset(each.run, each.run.cfg.train_dataloader.dataset)
    chosen = spread_evenly(PICTURES, len(dataset))
    view = look(model, dataset, chosen, results.console)
    found = {}
    for i, stage in enumerate(model.stages):
        previous = view.landmarks[i - 1] if i else None
        clusters = describe(stage.pseudo_label, previous, view.targets)
        found[f'stage {i + 1}'] = clusters, purity(view, clusters)
        if results.photographs:
            results.console.print(f'Drawing the clusters of stage {i + 1}')
            sheet = montage(view, clusters, i, dataset.metainfo)
            write_jpeg(results.folder / f'clusters_stage{i + 1}.jpg', sheet)
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


def softness_table(stages: dict) -> str:
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
        for name, (clusters, shares) in stages.items()
    ]
    header = (
        *('stage', 'space', 'T', 'entropy', 'at most', 'largest entry'),
        *('clothes type', 'variation'),
    )
    return tables.table(header, lines)
