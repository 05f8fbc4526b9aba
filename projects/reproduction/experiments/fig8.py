"""Fig. 8: predictions of all systems on the same pictures; and routing."""

from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
import torch
from scipy.stats import spearmanr

from dfa_mm.models.pseudo_labels import mean_landmark_error
from dfa_mm.models.stage_data import gather_targets
from dfa_mm.visualization import contact_sheet

from .. import numbers, rows, tables
from ..networks import (
    batches,
    predict,
    spread_evenly,
    test_set,
    test_set_with_targets,
    trained_model,
)
from ..plots import new_figure, save
from ..report import write_report
from ..results import Results
from ..sections import branches
from ..tiles import mean_error, predicted_tile, truth_tile, write_jpeg

PICTURES, PANEL = 8, 170
ROUTED_PICTURES, _BATCH, _BINS = 300, 16, 30


def write(results: Results) -> Path:
    """report.md, report.json, the sheet and the histogram."""
    scores = look_at_routing(results)
    if scores is not None:
        draw_histogram(results.folder / 'routing.png', scores)
    return write_report(
        results,
        dict(
            shown=draw_predictions(results) if results.photographs else [],
            scores=scores,
            scores_table=scores and scores_table(scores),
            correlation=scores
            and tables.number(scores.rank_correlation, 2, signed=True),
            branches=branches(results, (rows.DFA,)),
        ),
        dict(routing=scores and scores.as_json()),
        numbers.summary,
    )


def draw_predictions(results: Results) -> list[str]:
    """A line of the sheet for each picture, a column for each run."""
    columns, used = [], []
    for system in rows.SYSTEMS:
        each = results.usable(system)
        if each is None:
            continue
        results.console.print(f'Predictions of {each.run.name}')
        dataset = test_set(each.run)
        chosen = spread_evenly(PICTURES, len(dataset))
        samples = predict(trained_model(each.run), dataset, chosen)
        meta = dataset.metainfo
        if not columns:
            columns.append([truth_tile(s, meta, PANEL) for s in samples])
        columns.append([system_tile(s, meta, system) for s in samples])
        used.append(each.run.name)
    if used:
        panels = [panel for line in zip(*columns) for panel in line]
        sheet = contact_sheet(panels, len(columns))
        write_jpeg(results.folder / 'predictions.jpg', sheet)
    return used


def system_tile(sample, meta: dict, system: str) -> np.ndarray:
    error = tables.number(mean_error(sample), 3)
    return predicted_tile(sample, meta, PANEL, f'{rows.SHORT[system]} {error}')


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
    def rank_correlation(self) -> Optional[float]:
        """Of score and error; above 0 if routing knows what is hard."""
        found = float(spearmanr(self.scores, self.errors)[0])
        # not a number where all scores are the same
        return found if np.isfinite(found) else None

    def as_json(self) -> dict:
        return dict(
            run=self.run,
            threshold=self.threshold,
            scores=self.scores.round(5).tolist(),
            errors=self.errors.round(5).tolist(),
            rank_correlation=self.rank_correlation,
        )


@torch.no_grad()
def look_at_routing(results: Results) -> Optional[RoutingScores]:
    """Scores of the routed cascade's first seed, None where there is none."""
    each = results.usable(rows.DFA)
    if each is None:
        return None
    model = trained_model(each.run)
    dataset = test_set_with_targets(each.run)
    chosen = spread_evenly(ROUTED_PICTURES, len(dataset))
    cluster_errors = model.stages[-2].pseudo_label.errors
    scores, errors = [], []
    for _, batch in batches(
        model, dataset, chosen, _BATCH, results.console, 'Routing'
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


def scores_table(found: RoutingScores) -> str:
    """What the two branches have to deal with."""
    lines = [
        [
            name,
            str(int(chosen.sum())),
            tables.number(
                float(found.errors[chosen].mean()) if chosen.any() else None, 4
            ),
        ]
        for name, chosen in zip(numbers.BRANCHES, (found.easy, ~found.easy))
    ]
    return tables.table(('branch', 'pictures', 'error after stage 2'), lines)


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
