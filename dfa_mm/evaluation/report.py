"""From an evaluator's metrics to results.json."""

import importlib
import os
import platform
from datetime import datetime, timezone
from typing import Optional, Union

from dfa_mm.files import write_json
from dfa_mm.version import __version__

from .plain import to_plain

_LIBRARIES = ('torch', 'numpy', 'mmengine', 'mmcv', 'mmpose')


def collect_report(evaluator) -> dict:
    """The reports of an evaluator's metrics, by the metric's name.

    Args:
        evaluator (mmengine.evaluator.Evaluator): After ``evaluate``; metrics
            that keep no report (MMPose's own) are passed over.
    """
    return {
        metric.name: metric.report
        for metric in evaluator.metrics
        if getattr(metric, 'report', None)
    }


def versions() -> dict:
    """What the numbers were computed with."""
    found = {'python': platform.python_version(), 'dfa_mm': __version__}
    for name in _LIBRARIES:
        found[name] = importlib.import_module(name).__version__
    return found


def write_results(
    path: Union[str, os.PathLike],
    report: dict,
    cfg_filename: Optional[str],
    config_text: str,
    seed: Optional[int],
    extra: Optional[dict] = None,
) -> dict:
    """Write results.json at once or not at all; returns what was written.

    Args:
        path (str | os.PathLike): The file; folders are created.
        report (dict): Of :func:`collect_report`.
        cfg_filename (str, optional): Where the config was read from.
        config_text (str): The whole config, after all overrides.
        seed (int, optional): Random seed of the run.
        extra (dict, optional): More entries for the top level, such as the
            checkpoint.
    """
    # a path of this machine would tell others nothing
    filename = cfg_filename and os.path.relpath(cfg_filename)
    content = {
        'metrics': report,
        'config': {'filename': filename, 'text': config_text},
        'versions': versions(),
        'seed': seed,
        'date': datetime.now(timezone.utc).isoformat(timespec='seconds'),
        **(extra or {}),
    }
    content = to_plain(content)
    write_json(path, content)
    return content
