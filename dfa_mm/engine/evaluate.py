"""After training or testing: tables, results.json and a picture."""

from pathlib import Path
from typing import Optional, Union

import cv2
import numpy as np
import torch
from mmengine.dataset import pseudo_collate
from mmengine.dist import barrier, is_main_process
from mmengine.model import is_model_wrapper
from mmengine.runner import CheckpointLoader, Runner
from rich.console import Console

from dfa_mm.engine.checkpoints import check_fits
from dfa_mm.evaluation import (
    collect_report,
    landmark_table,
    results_table,
    stick_table,
    write_results,
)
from dfa_mm.visualization import contact_sheet, stages_side_by_side

SHEET_SAMPLES = 12
SHEET_PANEL = 200


def test_and_report(
    runner: Runner, out: Union[str, Path], picture: Union[str, Path, None]
) -> dict:
    """Test, print the tables, write results and predictions by stage.

    Args:
        runner (Runner): With its checkpoint named in ``load_from``.
        out (str | Path): The results.json to write.
        picture (str | Path, optional): The PNG to write.

    Returns:
        dict: MMEngine's flat metrics.

    Raises:
        CheckpointMismatchError: If the checkpoint lacks a part of the model.
    """
    _load_strictly(runner)
    metrics = runner.test()
    if is_main_process():
        _write(runner, out, picture)
    barrier()
    return metrics


def _write(
    runner: Runner, out: Union[str, Path], picture: Union[str, Path, None]
) -> None:
    report = collect_report(runner.test_evaluator)
    results = write_results(
        out,
        report,
        runner.cfg.filename,
        runner.cfg.pretty_text,
        runner.seed,
        extra=dict(checkpoint=runner._load_from),
    )
    if report:
        console = Console()
        console.print(results_table(results['metrics']))
        console.print(landmark_table(results['metrics']))
        if 'PCP' in report:
            console.print(stick_table(results['metrics']))
    if picture is not None:
        sheet = prediction_sheet(runner.model, runner.test_dataloader.dataset)
        Path(picture).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(picture), sheet[..., ::-1])
    runner.logger.info(f'results: {out}, predictions: {picture}')


def _load_strictly(runner: Runner) -> None:
    state = CheckpointLoader.load_checkpoint(runner._load_from, 'cpu')
    model = runner.model
    check_fits(
        model.module if is_model_wrapper(model) else model,
        state.get('state_dict', state),
        runner._load_from,
    )


@torch.no_grad()
def prediction_sheet(
    model, dataset, count: int = SHEET_SAMPLES, columns: int = 2
) -> np.ndarray:
    """Evenly chosen samples of a data set with their landmarks by stage.

    Returns:
        np.ndarray: RGB uint8.
    """
    chosen = np.linspace(0, len(dataset) - 1, min(count, len(dataset)))
    panels = [
        _stages(sample, dataset.metainfo)
        for i in chosen.round().astype(int)
        for sample in model.test_step(pseudo_collate([dataset[i]]))
    ]
    return contact_sheet(panels, columns=columns)


def _stages(sample, meta: dict) -> np.ndarray:
    """One sample's stages; slots that the garment lacks are left out."""
    image = cv2.imread(sample.metainfo['img_path'])[..., ::-1]
    truth, pred = sample.gt_instances, sample.pred_instances
    states = np.asarray(truth.landmark_visibility[0])
    stages = np.asarray(pred.get('stage_keypoints', pred.keypoints[:, None]))
    found = np.asarray(
        pred.get('stage_visibility', np.zeros((1, 1, len(states)), int))
    )
    return stages_side_by_side(
        np.ascontiguousarray(image),
        stages[0],
        np.where(states < 0, states, found[0]),
        meta,
        truth=truth.keypoints[0],
        truth_visibility=states,
        bbox=_frame(truth, stages[0], states),
        titles=_titles(sample, len(stages[0])),
        panel_size=SHEET_PANEL,
    )


def _titles(sample, count: int) -> list:
    titles = [f'stage {i + 1}' for i in range(count)]
    branch: Optional[np.ndarray] = sample.pred_instances.get('branch')
    if branch is not None and branch[0] >= 0:
        titles[-1] += (' easy', ' hard')[int(branch[0])]
    return titles


def _frame(truth, stages: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The box, widened so that no predicted landmark falls outside."""
    points = stages[:, states >= 0].reshape(-1, 2)
    x1, y1, x2, y2 = truth.bboxes[0]
    low = np.minimum([x1, y1], points.min(0, initial=np.inf))
    high = np.maximum([x2, y2], points.max(0, initial=-np.inf))
    return np.concatenate([low, high])
