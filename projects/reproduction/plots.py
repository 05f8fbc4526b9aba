"""Bars and curves with their spread, as PNG."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Optional

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from .seeds import Estimate

_DPI = 110
_COLOURS = matplotlib.colormaps['tab20'].colors
_LINE_STYLES = ('-', '--', ':')
PAPER, PAPER_COLOUR = 'FLD (paper)', '0.6'


def new_figure(width: float, height: float) -> Figure:
    """Inches."""
    return Figure(figsize=(width, height), dpi=_DPI, layout='constrained')


def save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format='png')


def grouped_bars(
    axes, groups: Sequence[str], series: Mapping[str, Sequence[Estimate]]
) -> None:
    """Beside each other, a bar of every series in every group.

    Args:
        axes: Of matplotlib.
        groups (Sequence[str]): Along x.
        series (Mapping): Name to an estimate for each group, with whiskers
            if it has a spread.
    """
    width = 0.8 / max(1, len(series))
    for i, (name, line) in enumerate(series.items()):
        middle = np.arange(len(groups)) + (i - (len(series) - 1) / 2) * width
        colour = _COLOURS[i % len(_COLOURS)]
        axes.bar(
            middle,
            means(line),
            width,
            label=name,
            color=PAPER_COLOUR if name == PAPER else colour,
            yerr=spreads(line),
            error_kw=dict(lw=1, capsize=2),
        )
    words = [group.replace(' ', '\n', 1) for group in groups]
    axes.set_xticks(range(len(groups)), words)
    axes.grid(axis='y', alpha=0.3)
    axes.set_axisbelow(True)


def estimate_bars(
    path: Path,
    groups: Sequence[str],
    series: Mapping[str, Sequence[Estimate]],
    ylabel: str,
) -> None:
    """Bars of estimates over seeds."""
    figure = new_figure(11, 5)
    axes = figure.add_subplot(ylabel=ylabel)
    grouped_bars(axes, groups, series)
    _legend_below(figure, *axes.get_legend_handles_labels())
    save(figure, path)


def estimate_lines(
    path: Path,
    groups: Sequence[str],
    series: Mapping[str, Sequence[Estimate]],
    ylabel: str,
) -> None:
    """Points over names, joined, with their spread."""
    figure = new_figure(10, 5)
    axes = figure.add_subplot(ylabel=ylabel)
    for i, (name, line) in enumerate(series.items()):
        axes.errorbar(
            range(len(groups)),
            means(line),
            spreads(line),
            label=name,
            marker='o',
            capsize=3,
            color=_COLOURS[2 * i],
        )
    axes.set_xticks(range(len(groups)), groups, rotation=35, ha='right')
    axes.grid(alpha=0.3)
    axes.legend()
    save(figure, path)


def plot_curves(
    path: Path,
    thresholds: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
) -> None:
    """Curves over a threshold, with a legend beside them.

    Args:
        path (Path): The PNG.
        thresholds (Sequence[float]): (T,), along x.
        curves (Mapping): Name to (T,) shares in 0..1; None, as reports have
            it for "no number", leaves a gap.
        xlabel (str), ylabel (str): What they are, with their unit.
    """
    figure = new_figure(8, 5)
    axes = figure.add_subplot(xlabel=xlabel, ylabel=ylabel)
    handles = _draw_curves(axes, thresholds, curves, list(curves))
    if curves:
        figure.legend(
            list(handles.values()),
            list(handles),
            loc='outside right center',
            fontsize='small',
        )
    save(figure, path)


def curve_grid(
    path: Path,
    thresholds: Sequence[float],
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    xlabel: str,
    ylabel: str,
    columns: int,
) -> None:
    """Panels of curves over a threshold, with one legend.

    Args:
        path (Path): The PNG.
        thresholds (Sequence[float]): (T,), along x.
        panels (Mapping): Title to curves, name to (T,) shares. A name has
            the same colour everywhere.
        xlabel (str), ylabel (str): Of all.
        columns (int): Panels in a row.
    """
    rows = -(-len(panels) // columns)
    figure = new_figure(3.2 * columns, 2.9 * rows + 0.6)
    names = list(
        dict.fromkeys(n for curves in panels.values() for n in curves)
    )
    handles = {}
    for place, (title, curves) in enumerate(panels.items(), start=1):
        axes = figure.add_subplot(rows, columns, place, title=title)
        handles.update(_draw_curves(axes, thresholds, curves, names))
        axes.set_xlabel(xlabel if place > len(panels) - columns else '')
        axes.set_ylabel(ylabel if place % columns == 1 else '')
    _legend_below(figure, handles.values(), handles.keys())
    save(figure, path)


def _draw_curves(axes, thresholds, curves: Mapping, names: list) -> dict:
    """Name to line; its place in ``names`` gives a curve its look."""
    # a line at 1 is drawn whole
    axes.set(xlim=(thresholds[0], thresholds[-1]), ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    lines = {}
    for name, curve in curves.items():
        i = names.index(name)
        (lines[name],) = axes.plot(
            thresholds,
            _floats(curve),
            color=_COLOURS[2 * i % 20],
            linestyle=_LINE_STYLES[i // 10 % len(_LINE_STYLES)],
            lw=1.3,
        )
    return lines


def _legend_below(figure: Figure, handles: Iterable, names: Iterable) -> None:
    figure.legend(
        list(handles),
        list(names),
        loc='outside lower center',
        ncols=4,
        fontsize='small',
    )


def means(line: Sequence[Estimate]) -> np.ndarray:
    """None as NaN: no bar, no point."""
    return _floats([each.mean for each in line])


def spreads(line: Sequence[Estimate]) -> np.ndarray:
    return _floats([each.spread for each in line])


def _floats(values: Sequence[Optional[float]]) -> np.ndarray:
    return np.array(values, float)
