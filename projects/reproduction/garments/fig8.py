"""Fig. 8: predictions of all systems on the same pictures; and routing."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from scipy.stats import spearmanr

from dfa_mm.models.pseudo_labels import mean_landmark_error
from dfa_mm.models.stage_data import gather_targets
from dfa_mm.structures import Visibility, has_position
from dfa_mm.visualization import contact_sheet

from .. import markdown
from ..loading import (
    batches,
    predict,
    run_config,
    spread_evenly,
    test_set,
    test_set_with_targets,
    trained_model,
)
from ..report import Finished, ReportInput
from . import numbers, rows
from .fig4 import usable
from .plots import new_figure, save
from .scales import garment_experiment
from .sections import finish, routing_section
from .tiles import (
    garment,
    mark,
    true_landmarks,
    true_states,
    write_jpeg,
)

TITLE = 'Fig. 8: all systems on the same pictures'
SHEET, HISTOGRAM = 'predictions.jpg', 'routing.png'
PICTURES, PANEL = 8, 170
ROUTED_PICTURES, _BATCH, _BINS = 300, 16, 30


def write_report(report: ReportInput) -> Path:
    """report.md, report.json, the sheet and the histogram."""
    report.folder.mkdir(parents=True, exist_ok=True)
    scores = look_at_routing(report)
    return finish(
        report,
        TITLE,
        [
            predictions_section(report) if report.photographs else '',
            '' if scores is None else histogram_section(report, scores),
            routing_section(report, (rows.DFA,)),
        ],
        dict(routing=scores and scores.as_json()),
    )


def predictions_section(report: ReportInput) -> str:
    """A line of the sheet for each picture, a column for each system."""
    columns, used = [], []
    for system in rows.SYSTEMS:
        each = usable(report, system)
        if each is None:
            continue
        report.console.print(f'Predictions of {each.run.name}')
        samples, meta = predictions(each)
        if not columns:
            columns.append([truth_tile(sample, meta) for sample in samples])
        columns.append(
            [system_tile(sample, meta, system) for sample in samples]
        )
        used.append(f'`{each.run.name}`')
    if not columns:
        return ''
    panels = [panel for line in zip(*columns) for panel in line]
    write_jpeg(report.folder / SHEET, contact_sheet(panels, len(columns)))
    return '\n\n'.join(
        [
            '## Predictions',
            f'![Test pictures with the landmarks of every system]({SHEET})',
            'Filled marks are visible, hollow ones occluded, truncated ones '
            'missing: on the left in truth, then as the system says, where it '
            'tells at all. Crosses are the truth. The number is the mean '
            "error as a share of the box's long side. From the left: truth, "
            f'{", ".join(used)}.',
        ]
    )


def predictions(each: Finished) -> tuple[list, dict]:
    """Data samples of evenly chosen test pictures, and the set's meta."""
    cfg = run_config(each.run)
    dataset = test_set(cfg)
    chosen = spread_evenly(PICTURES, len(dataset))
    samples = predict(trained_model(each.run, cfg), dataset, chosen)
    return samples, dataset.metainfo


def truth_tile(sample, meta: dict) -> np.ndarray:
    picture, place = garment(sample, PANEL)
    landmarks = place(true_landmarks(sample))
    return mark(picture, landmarks, true_states(sample), meta, title='truth')


def system_tile(sample, meta: dict, system: str) -> np.ndarray:
    """Predicted landmarks with their lines to the truth."""
    picture, place = garment(sample, PANEL)
    error = markdown.number(mean_error(sample), 3)
    return mark(
        picture,
        place(sample.pred_instances.keypoints[0]),
        predicted_states(sample),
        meta,
        place(true_landmarks(sample)),
        has_position(true_states(sample)),
        f'{rows.SHORT[system]} {error}',
    )


def predicted_states(sample) -> np.ndarray:
    """(K,); visible where nothing is predicted, absent slots as in truth."""
    truth = true_states(sample)
    found = sample.pred_instances.get('landmark_visibility')
    found = np.full(len(truth), Visibility.VISIBLE) if found is None else found
    return np.where(truth < 0, truth, np.asarray(found).reshape(-1))


def mean_error(sample):
    """Mean distance as a share of the box's long side; None without any."""
    x1, y1, x2, y2 = sample.gt_instances.bboxes[0]
    known = has_position(true_states(sample))
    if not known.any():
        return None
    landmarks = np.asarray(sample.pred_instances.keypoints[0])
    far = np.linalg.norm(landmarks - true_landmarks(sample), axis=-1)
    return float(far[known].mean() / max(x2 - x1, y2 - y1))


class RoutingScores(NamedTuple):
    """Eq. 2 of test pictures that have a position.

    Attributes:
        run (str): Name of the run.
        threshold (float): Below it a picture takes the easy branch.
        scores (np.ndarray): (N,).
        errors (np.ndarray): (N,) that stage 2 leaves, in sides of the crop.
    """

    run: str
    threshold: float
    scores: np.ndarray
    errors: np.ndarray

    @property
    def easy(self) -> np.ndarray:
        return self.scores < self.threshold

    @property
    def rank_correlation(self) -> float:
        """Of score and error; above 0 if routing knows what is hard."""
        return float(spearmanr(self.scores, self.errors)[0])

    def as_json(self) -> dict:
        return dict(
            run=self.run,
            threshold=self.threshold,
            scores=self.scores.round(5).tolist(),
            errors=self.errors.round(5).tolist(),
            rank_correlation=self.rank_correlation,
        )


@torch.no_grad()
def look_at_routing(report: ReportInput):
    """Scores of the routed cascade's first seed, None where there is none."""
    each = usable(report)
    if each is None:
        return None
    cfg = run_config(each.run)
    model = trained_model(each.run, cfg)
    dataset = test_set_with_targets(cfg)
    chosen = spread_evenly(ROUTED_PICTURES, len(dataset))
    cluster_errors = model.stages[-2].pseudo_label.errors
    scores, errors = [], []
    for _, batch in batches(
        model, dataset, chosen, _BATCH, report.console, 'Routing'
    ):
        targets = gather_targets(batch['data_samples'])
        before = model.forward_finished(batch['inputs'])[-1]
        known = targets.weights.sum(1) > 0
        error = mean_landmark_error(
            before.landmarks, targets.landmarks, targets.weights
        )
        score = model.router.score(before.pseudo_label, cluster_errors)
        scores.append(score[known].numpy())
        errors.append(error[known].numpy())
    return RoutingScores(
        each.run.name,
        float(model.router.threshold),
        np.concatenate(scores),
        np.concatenate(errors),
    )


def histogram_section(report: ReportInput, found: RoutingScores) -> str:
    """The picture, and what the two branches have to deal with."""
    draw_histogram(report.folder / HISTOGRAM, found)
    lines = [
        [
            name,
            str(int(chosen.sum())),
            markdown.number(
                float(found.errors[chosen].mean()) if chosen.any() else None, 4
            ),
        ]
        for name, chosen in zip(numbers.BRANCHES, (found.easy, ~found.easy))
    ]
    header = ('branch', 'pictures', 'error after stage 2')
    return '\n\n'.join(
        [
            f'## Routing score of `{found.run}`',
            f'![Histogram of the routing score]({HISTOGRAM})',
            markdown.table(header, lines),
            'Mean distance in sides of the crop. Rank correlation of score '
            'and error: '
            f'{markdown.number(found.rank_correlation, 2, signed=True)}. '
            f'Threshold {found.threshold:.4g}.',
        ]
    )


def draw_histogram(path: Path, found: RoutingScores) -> None:
    """Scores by branch on the left, scores against errors on the right."""
    figure = new_figure(10, 4)
    left, right = figure.subplots(1, 2)
    bins = np.histogram_bin_edges(found.scores, _BINS)
    for name, chosen in zip(numbers.BRANCHES, (found.easy, ~found.easy)):
        left.hist(found.scores[chosen], bins, label=f'{name} branch')
        right.scatter(found.scores[chosen], found.errors[chosen], s=9)
    for axes in (left, right):
        axes.axvline(found.threshold, color='k', ls='--', lw=1)
        axes.set_xlabel('routing score G')
    left.set(ylabel='test pictures')
    right.set(ylabel='error after stage 2, sides of the crop')
    left.legend(title=f'threshold {found.threshold:.4g}')
    save(figure, path)


EXPERIMENT = garment_experiment(
    'fig8',
    'predictions of all systems on the same pictures, and routing (Fig. 8)',
    rows.SYSTEMS,
    write_report,
)
