"""Fig. 4: what the clusters of the three spaces look like."""

import math
from pathlib import Path
from typing import Optional

import cv2
import numpy as np
import torch

from dfa_mm.visualization import contact_sheet
from dfa_mm.visualization.text import with_title

from .. import markdown
from ..loading import (
    checkpoint_or_none,
    run_config,
    spread_evenly,
    trained_model,
    training_set,
)
from ..report import Finished, ReportInput
from .clusters import Clusters, View, describe, look, majority_share
from .rows import DFA
from .scales import garment_experiment
from .sections import finish
from .tiles import mark, write_jpeg

TITLE = 'Fig. 4: the clusters behind the pseudo-labels'
# Of the training set, evenly; the members are counted over all of it.
PICTURES = 1600
TILES, TILE_SIZE, BLOCKS_IN_A_ROW = 5, 110, 2
_UNITS = dict(
    absolute='pixels of a crop of 224',
    offset='pixels of a crop of 224',
    contextual='squared pixels of a crop of 224',
)


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and a montage for each stage."""
    each = usable(report)
    if each is None:
        sections, stages = ['No finished run with a checkpoint yet.'], {}
    else:
        stages = look_at_clusters(report, each)
        sections = [
            f'Clusters of `{each.run.name}`, in crops as training sees them: '
            'moved, turned and recoloured. Crosses are the truth, lines the '
            'errors of the stage before.',
            softness_section(stages),
            *(
                stage_section(report, name, clusters, sheet)
                for name, (clusters, _, sheet) in stages.items()
            ),
        ]
    more = {
        'clusters': {
            name: dict(
                vars(clusters),
                softness=clusters.softness._asdict(),
                majority_share=shares,
            )
            for name, (clusters, shares, _) in stages.items()
        }
    }
    for each_stage in more['clusters'].values():
        del each_stage['nearest']
    return finish(report, TITLE, sections, more)


def usable(report: ReportInput, row: str = DFA) -> Optional[Finished]:
    """The first seed whose checkpoint is still there."""
    for _, each in sorted(report.of_row(row).items()):
        if checkpoint_or_none(each.run):
            return each
    return None


def look_at_clusters(report: ReportInput, each: Finished) -> dict:
    """By stage: its clusters, how pure they are and their montage."""
    cfg = run_config(each.run)
    model = trained_model(each.run, cfg)
    dataset = training_set(cfg)
    chosen = spread_evenly(PICTURES, len(dataset))
    view = look(model, dataset, chosen, report.console)
    found = {}
    for i, stage in enumerate(model.stages):
        previous = view.landmarks[i - 1] if i else None
        clusters = describe(stage.pseudo_label, previous, view.targets)
        sheet = None
        if report.photographs:
            report.console.print(f'Drawing the clusters of stage {i + 1}')
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
            markdown.number(clusters.softness.entropy, 2),
            markdown.number(math.log(len(clusters.counts)), 2),
            markdown.number(clusters.softness.largest, 2),
            *(
                f'{markdown.number(own, 2)} ({markdown.number(all_, 2)})'
                for own, all_ in shares.values()
            ),
        ]
        for name, (clusters, shares, _) in stages.items()
    ]
    header = (
        *('stage', 'space', 'T', 'entropy', 'at most', 'largest entry'),
        *('clothes type', 'variation'),
    )
    return '\n\n'.join(
        [
            '## Softness and meaning',
            markdown.table(header, lines),
            'T in the unit of the space '
            f'({"; ".join(f"{k}: {v}" for k, v in _UNITS.items())}). Mean '
            'entropy of the labels in nats, its largest possible value, and '
            'the mean largest entry. Clothes type and variation: share of the '
            "pictures that are of their cluster's most frequent kind, in "
            'brackets the same for all pictures as one cluster.',
        ]
    )


def stage_section(
    report: ReportInput,
    name: str,
    clusters: Clusters,
    sheet: Optional[np.ndarray],
) -> str:
    """The montage and the sizes."""
    parts = [f'## {name.capitalize()}: {clusters.space}']
    if sheet is not None:
        file = f'clusters_{name.replace(" ", "")}.jpg'
        write_jpeg(report.folder / file, sheet)
        parts.append(f'![Training pictures of every cluster]({file})')
    sizes = ', '.join(map(str, clusters.counts))
    parts.append(f'Members in the training set: {sizes}.')
    if any(clusters.errors):
        errors = ', '.join(f'{error:.3f}' for error in clusters.errors)
        parts.append(
            'Mean error of the stage before, in sides of the crop, in the '
            f'same order: {errors}.'
        )
    return '\n\n'.join(parts)


EXPERIMENT = garment_experiment(
    'fig4',
    'the clusters behind the pseudo-labels (Fig. 4)',
    (DFA,),
    write_report,
)
