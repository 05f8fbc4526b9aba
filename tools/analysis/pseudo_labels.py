#!/usr/bin/env python
"""How soft the pseudo-labels of a trained cascade are, and how it routes.

For every stage: entropy and largest entry of the labels of the test set at the
temperature in force and at multiples of it, and how many training samples each
cluster has. For stage 3: how well the routing score of Eq. 2, as it is and
normalised, ranks the garments by the error that stage 2 leaves.
"""

import argparse
import sys
from typing import List, Optional, Tuple

import numpy as np
import torch
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from mmpose.registry import MODELS
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.stats import spearmanr
from torch import Tensor

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)
from dfa_mm.apis.outputs import check_output
from dfa_mm.codecs import LandmarkLabel
from dfa_mm.engine.checkpoints import (
    CheckpointMismatchError,
    read_checkpoint,
)
from dfa_mm.engine.identity import check_model
from dfa_mm.evaluation import to_plain
from dfa_mm.files import write_json
from dfa_mm.models.pseudo_labels import PseudoLabel, mean_landmark_error
from dfa_mm.models.routers import expected_error
from dfa_mm.models.stage_data import (
    StageOutput,
    StageTargets,
    concatenate,
    gather_targets,
)

FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0)


@torch.no_grad()
def look(model, dataloader) -> Tuple[List[StageOutput], StageTargets]:
    """Outputs of every stage, and the truth, for a whole data set."""
    model.eval()
    outputs, targets = [], []
    for batch in track(dataloader, 'Predicting'):
        batch = model.data_preprocessor(batch)
        targets.append(gather_targets(batch['data_samples']))
        outputs.append(model.forward_stages(model.stages, batch['inputs'])[0])
    outputs = [concatenate(stage) for stage in zip(*outputs)]
    return outputs, concatenate(targets)


def softness(
    label: PseudoLabel, previous: Optional[Tensor], targets: StageTargets
) -> List[dict]:
    """Entropy and largest entry at multiples of the temperature."""
    own = float(label.temperature)
    rows = []
    for factor in FACTORS:
        label.temperature.fill_(own * factor)
        found = label.statistics(previous, targets.landmarks, targets.weights)
        rows.append(
            dict(factor=factor, temperature=own * factor, **found._asdict())
        )
    label.temperature.fill_(own)
    return rows


def routing_quality(model, before: StageOutput, targets: StageTargets) -> dict:
    """Rank correlation of the score with the error of stage 2."""
    error = mean_landmark_error(
        before.landmarks, targets.landmarks, targets.weights
    )
    known = targets.weights.sum(1) > 0
    errors = model.stages[-2].pseudo_label.errors
    route = model.router(before.pseudo_label, errors)
    quality = {}
    for name, normalize in (('as printed', False), ('normalised', True)):
        score = expected_error(before.pseudo_label, errors, normalize)
        quality[name] = float(
            spearmanr(score[known].numpy(), error[known].numpy())[0]
        )
    return dict(
        rank_correlation=quality,
        threshold=float(model.router.threshold),
        easy_share=float((route == 0).float().mean()),
        error_easy=float(error[known & (route == 0)].mean()),
        error_hard=float(error[known & (route == 1)].mean()),
    )


def test_set_with_labels(cfg: Config) -> dict:
    """The test dataloader with the training targets in its pipeline."""
    loader = cfg.test_dataloader.copy()
    pipeline = loader.dataset.pipeline
    size = next(t.input_size for t in pipeline if t.type == 'TopdownAffine')
    encoder = dict(type=LandmarkLabel.__name__, input_size=size)
    target = dict(type='GenerateTarget', encoder=encoder)
    loader.dataset.pipeline = [*pipeline[:-1], target, pipeline[-1]]
    return loader


def print_report(report: dict) -> None:
    console = Console()
    table = Table(title='Pseudo-labels of the test set')
    for heading in ('stage', 'space', 'T', 'x', 'entropy', 'largest entry'):
        table.add_column(heading, justify='right')
    for stage, rows in report['stages'].items():
        for row in rows['softness']:
            table.add_row(
                stage,
                rows['space'],
                f'{row["temperature"]:.4g}',
                f'{row["factor"]:g}',
                f'{row["entropy"]:.3f}',
                f'{row["largest"]:.3f}',
            )
    console.print(table)
    if 'routing' in report:
        console.print(report['routing'])


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config')
    parser.add_argument('checkpoint')
    parser.add_argument('--out', help='JSON file to write')
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, default={}
    )
    args = parser.parse_args()
    if args.out:
        check_output(parser, args.out, args.config, args.checkpoint)
    return args


def main() -> None:
    args = parse_args()
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    init_default_scope(cfg.get('default_scope', 'mmpose'))
    model = MODELS.build(cfg.model)
    try:
        content = read_checkpoint(args.checkpoint)
        check_model(model, content, cfg, args.checkpoint)
    except (CheckpointMismatchError, FileNotFoundError) as error:
        sys.exit(f'error: {error}')
    loader = Runner.build_dataloader(test_set_with_labels(cfg))
    outputs, targets = look(model, loader)
    report = dict(stages={})
    for i, stage in enumerate(model.stages):
        if stage.pseudo_label is not None:
            previous = outputs[i - 1].landmarks if i else None
            report['stages'][f'stage{i + 1}'] = dict(
                space=stage.pseudo_label.space,
                training_samples=sorted(
                    stage.pseudo_label.counts.tolist(), reverse=True
                ),
                maximum_entropy=float(np.log(len(stage.pseudo_label.centers))),
                softness=softness(stage.pseudo_label, previous, targets),
            )
    if model.router is not None:
        report['routing'] = routing_quality(model, outputs[-2], targets)
    print_report(report)
    if args.out:
        write_json(args.out, to_plain(report))


if __name__ == '__main__':
    main()
