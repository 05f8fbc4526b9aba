"""After training or testing: tables, results.json and a picture."""

from typing import Optional

from mmengine.dist import barrier, is_main_process
from mmengine.runner import Runner
from rich.console import Console

from dfa_mm.evaluation import (
    collect_report,
    detail_tables,
    landmark_table,
    results_table,
    stick_table,
    write_results,
)
from dfa_mm.pictures import writer
from dfa_mm.visualization import prediction_sheet

from .bare_model import bare_model
from .checkpoints import check_landmarks, read_checkpoint
from .identity import check_model


def test_and_report(
    runner: Runner,
    out: str,
    picture: Optional[str],
    details: bool = True,  # noqa: PT028
) -> dict:
    """Test ``load_from``, print the tables, write ``out`` and ``picture``.

    Without ``details`` of the tables those of stages and landmarks alone.

    Those are results.json and a PNG of predictions by stage; returns
    MMEngine's flat metrics.

    Raises:
        RunMismatchError: If the checkpoint says that it is of another model.
        CheckpointMismatchError: If the checkpoint lacks a part of the model.
    """
    _check_model(runner)
    metrics = runner.test()
    if is_main_process():
        _write(runner, out, picture, details)
    barrier()
    return metrics


def _check_model(runner: Runner) -> None:
    checkpoint = runner._load_from
    content = read_checkpoint(checkpoint)
    check_model(bare_model(runner), content, runner.cfg, checkpoint)
    metainfo = runner.test_dataloader.dataset.metainfo
    check_landmarks(content, metainfo, checkpoint)


def _write(
    runner: Runner, out: str, picture: Optional[str], details: bool
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
        for table in detail_tables(results['metrics']) if details else ():
            console.print(table)
    if picture is not None:
        sheet = prediction_sheet(runner.model, runner.test_dataloader.dataset)
        writer.write(picture, sheet[..., ::-1])
    runner.logger.info(f'results: {out}, predictions: {picture}')
