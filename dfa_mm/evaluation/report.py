"""From an evaluator's metrics to results.json."""

import importlib
import math
import os
import platform
from datetime import datetime, timezone
from typing import Optional, Union

import numpy as np

from dfa_mm.files import write_json
from dfa_mm.version import __version__

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


def write_results(
    path: Union[str, os.PathLike],
    report: dict,
    cfg_filename: Optional[str],
    config_text: str,
    seed: Optional[int],
    extra: Optional[dict] = None,
) -> dict:
    """Write results.json at once or not at all; returns what was written.

    Folders are created. ``report`` is of :func:`collect_report`,
    ``config_text`` the whole config, after all overrides; ``extra`` goes to
    the top level, such as the checkpoint.
    """
    # a path of this machine would tell others nothing
    filename = cfg_filename and os.path.relpath(cfg_filename)
    content = {
        'metrics': report,
        'config': {'filename': filename, 'text': config_text},
        'versions': _versions(),
        'seed': seed,
        'date': datetime.now(timezone.utc).isoformat(timespec='seconds'),
        **(extra or {}),
    }
    content = to_plain(content)
    write_json(path, content)
    return content


def to_plain(value):
    """Nested numpy as plain Python; NaN and infinities become None.

    JSON has no NaN: written as one, the file breaks strict readers.
    """
    if isinstance(value, dict):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [to_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _versions() -> dict:
    return {
        'python': platform.python_version(),
        'dfa_mm': __version__,
        **{n: importlib.import_module(n).__version__ for n in _LIBRARIES},
    }
