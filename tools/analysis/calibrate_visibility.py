#!/usr/bin/env python
"""Fit a temperature and biases to the states that a trained model tells.

    python tools/analysis/calibrate_visibility.py CONFIG CHECKPOINT \\
        --out CALIBRATED.pth

Of every stage, on the config's validation set: the temperature with which the
probabilities have the least expected calibration error; then the biases, of
the decision alone, with which most of the occluded and cut-off landmarks are
found, neither fewer than before, while in every one of its data sets a share
of --least-visible of the visible ones still is. They go into a copy of the
checkpoint, in place of those that it may have; everything reads them there.
Training on resets them.
"""

import argparse
import sys
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import numpy as np
import torch
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from rich.console import Console
from rich.progress import track
from torch import nn

from dfa_mm.apis import InputError, choose_device, load_model
from dfa_mm.engine.checkpoints import CheckpointMismatchError, read_checkpoint
from dfa_mm.engine.visibility_fit import (
    LEAST_VISIBLE,
    fit_biases,
    fit_temperature,
)
from dfa_mm.evaluation import to_plain
from dfa_mm.evaluation.tables import number_table
from dfa_mm.evaluation.visibility import (
    STATES,
    confusion_matrix,
    recall_by_state,
    visibility_accuracy,
    visibility_calibration_error,
)
from dfa_mm.files import replacing
from dfa_mm.models.visibility_calibration import calibrate, decide
from dfa_mm.structures import Visibility

TITLE = 'Validation set: share told right, and of every true state'


class Told(NamedTuple):
    """Of M landmarks that their garments have."""

    scores: np.ndarray  # (S, M, 3) probabilities by stage
    truth: np.ndarray  # (M,) states
    parts: np.ndarray  # (M,) number of the data set


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='its checkpoint file')
    parser.add_argument(
        '--out', type=Path, required=True, help='checkpoint to write'
    )
    parser.add_argument(
        '--least-visible',
        type=float,
        default=LEAST_VISIBLE,
        metavar='SHARE',
        help='of the visible landmarks (default: %(default)s)',
    )
    parser.add_argument(
        '--device', help='(default: cuda:0 if there is one, or cpu)'
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        default={},
        help='of the data, such as val_dataloader.batch_size=8',
    )
    args = parser.parse_args(argv)
    if not 0 <= args.least_visible <= 1:
        parser.error('--least-visible is a share from 0 to 1')
    if args.out.resolve() == Path(args.checkpoint).resolve():
        parser.error('--out must be another file than CHECKPOINT')
    return args


@torch.no_grad()
def look(model: nn.Module, loader) -> Told:
    """What a model that is not calibrated says of a data set in order."""
    for stage in model.visibility_calibrations:
        stage.reset()
    scores, truth, parts = [], [], []
    numbers = iter(part_numbers(loader.dataset))
    for batch in track(loader, 'Looking', console=Console(stderr=True)):
        for sample in model.test_step(batch):
            states = sample.gt_instances.landmark_visibility[0]
            present = np.asarray(states) != Visibility.ABSENT
            told = sample.pred_instances.stage_visibility_scores[0]
            scores.append(told[:, present])
            truth.append(np.asarray(states)[present])
            parts.append(np.full(present.sum(), next(numbers)))
    return Told(
        np.concatenate(scores, 1), np.concatenate(truth), np.concatenate(parts)
    )


def part_numbers(dataset) -> np.ndarray:
    """The data set that each sample is of, of a combined one; else 0."""
    parts = getattr(dataset, 'datasets', [dataset])
    return np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def describe(
    scores: np.ndarray, biases: np.ndarray, truth: np.ndarray
) -> dict:
    """Of probabilities (M, 3) and true states (M,)."""
    scores, truth = scores[None], truth[None]
    told = decide(scores, biases)
    recall = recall_by_state(confusion_matrix(told, truth))
    return to_plain(
        {
            'right': visibility_accuracy(told, truth),
            **dict(zip(STATES, recall)),
            'ECE': visibility_calibration_error(scores, told, truth),
            'landmarks': truth.size,
        }
    )


def fit(told: Told, least_visible: float) -> List[dict]:
    """Temperature and biases of every stage."""
    fitted = []
    for scores in track(told.scores, 'Fitting', console=Console(stderr=True)):
        temperature = fit_temperature(scores, told.truth)
        scores = calibrate(scores, temperature)
        biases = fit_biases(scores, told.truth, told.parts, least_visible)
        fitted.append(dict(temperature=temperature, biases=biases))
    return fitted


def compare(told: Told, fitted: List[dict]) -> dict:
    """Row to numbers: every stage, then the data sets, before and after."""
    rows = {}

    def add(name: str, stage: int, chosen: np.ndarray) -> None:
        scores, truth = told.scores[stage][chosen], told.truth[chosen]
        after = calibrate(scores, fitted[stage]['temperature'])
        none, biases = np.zeros(len(STATES)), fitted[stage]['biases']
        rows[f'{name}, before'] = describe(scores, none, truth)
        rows[f'{name}, after'] = describe(after, biases, truth)

    for stage in range(len(fitted)):
        add(f'stage {stage + 1}', stage, np.ones(len(told.truth), bool))
    for part in np.unique(told.parts):
        add(f'set {part + 1}', len(fitted) - 1, told.parts == part)
    return rows


def write(checkpoint: str, fitted: List[dict], out: Path) -> None:
    content = read_checkpoint(checkpoint)
    state = content.get('state_dict', content)
    for number, own in enumerate(fitted):
        for name, value in own.items():
            key = f'visibility_calibrations.{number}.{name}'
            state[key] = torch.tensor(value, dtype=torch.float32)
    with replacing(out) as temporary:
        torch.save(content, temporary)


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    init_default_scope(cfg.get('default_scope', 'mmpose'))
    try:
        model = load_model(
            args.config, args.checkpoint, choose_device(args.device)
        )
        loader = Runner.build_dataloader(cfg.val_dataloader)
    except (InputError, CheckpointMismatchError, FileNotFoundError) as error:
        sys.exit(f'error: {error}')
    told = look(model, loader)
    fitted = fit(told, args.least_visible)
    write(args.checkpoint, fitted, args.out)
    rows = compare(told, fitted)
    columns = {
        heading: {name: numbers[heading] for name, numbers in rows.items()}
        for heading in next(iter(rows.values()))
    }
    console = Console()
    console.print(number_table(TITLE, '', columns))
    for number, own in enumerate(fitted, start=1):
        biases = ', '.join(
            f'{state} {value:+.2f}'
            for state, value in zip(STATES, own['biases'])
        )
        console.print(
            f'stage {number}: {biases}; temperature {own["temperature"]:.2f}'
        )
    console.print(f'{args.out}', soft_wrap=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
