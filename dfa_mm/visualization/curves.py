"""Shares over a threshold: the curves of PDL and PCK."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Union

import matplotlib
import numpy as np
from matplotlib.figure import Figure

_INCHES = (7.5, 4.5)
_DPI = 120
# Beyond the colours, so that no two curves look the same.
_LINE_STYLES = ('-', '--', ':')


def plot_curves(
    path: Union[str, Path],
    thresholds: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    title: str = '',
) -> None:
    """Write a PNG with one named curve per entry.

    Args:
        path (str | Path): The file; folders are created.
        thresholds (Sequence[float]): (T,), along x.
        curves (Mapping): Name to (T,) shares in 0..1; None, as reports have
            it for "no number", leaves a gap.
        xlabel (str): What the thresholds are, with their unit.
        ylabel (str): What the shares are.
        title (str): Above the plot.
    """
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout='constrained')
    axes = figure.add_subplot(
        xlabel=xlabel,
        ylabel=ylabel,
        title=title,
        xlim=(thresholds[0], thresholds[-1]),
        ylim=(0, 1.02),  # a line at 1 is drawn whole
    )
    colours = matplotlib.colormaps['tab10'].colors
    for i, (name, curve) in enumerate(curves.items()):
        axes.plot(
            thresholds,
            np.asarray(curve, dtype=np.float64),
            label=name,
            color=colours[i % len(colours)],
            linestyle=_LINE_STYLES[i // len(colours) % len(_LINE_STYLES)],
        )
    axes.grid(alpha=0.3)
    if curves:
        figure.legend(loc='outside right center', fontsize='small')
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format='png')
