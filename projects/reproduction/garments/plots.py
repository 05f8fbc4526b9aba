"""Bars and curves with their spread, as PNG."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Optional

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from ..seeds import Estimate

_DPI = 110
_COLOURS = matplotlib.colormaps['tab20'].colors
_LINE_STYLES = ('-', '--', ':')
PAPER_COLOUR = '0.6'


def new_figure(width: float, height: float) -> Figure:
    """Inches."""
    return Figure(figsize=(width, height), dpi=_DPI, layout='constrained')


def save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format='png')


def grouped_bars(
    axes,
    groups: Sequence[str],
    series: Mapping[str, Sequence[Optional[float]]],
    spreads: Optional[Mapping[str, Sequence[Optional[float]]]] = None,
    colours: Optional[Mapping[str, object]] = None,
) -> None:
    """Beside each other, a bar of every series in every group.

    Args:
        axes: Of matplotlib.
        groups (Sequence[str]): Along x.
        series (Mapping): Name to a number for each group; None has no bar.
        spreads (Mapping, optional): Likewise, for whiskers.
        colours (Mapping, optional): Name to colour; the others get their own.
    """
    width = 0.8 / max(1, len(series))
    for i, (name, values) in enumerate(series.items()):
        middle = np.arange(len(groups)) + (i - (len(series) - 1) / 2) * width
        axes.bar(
            middle,
            numbers(values),
            width,
            label=name,
            color=(colours or {}).get(name, _COLOURS[i % len(_COLOURS)]),
            yerr=None if spreads is None else numbers(spreads[name]),
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
    """Bars of estimates over seeds, whiskers where there are several."""
    figure = new_figure(11, 5)
    axes = figure.add_subplot(ylabel=ylabel)
    grouped_bars(
        axes,
        groups,
        {name: [e.mean for e in line] for name, line in series.items()},
        {name: [e.spread for e in line] for name, line in series.items()},
    )
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
            numbers([e.mean for e in line]),
            numbers([e.spread for e in line]),
            label=name,
            marker='o',
            capsize=3,
            color=_COLOURS[2 * i],
        )
    axes.set_xticks(range(len(groups)), groups, rotation=35, ha='right')
    axes.grid(alpha=0.3)
    axes.legend()
    save(figure, path)


def curve_grid(
    path: Path,
    thresholds: Sequence[float],
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    xlabel: str,
    ylabel: str,
    columns: int = 4,
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
        axes.set(xlim=(thresholds[0], thresholds[-1]), ylim=(0, 1.02))
        axes.grid(alpha=0.3)
        for name, curve in curves.items():
            i = names.index(name)
            (handles[name],) = axes.plot(
                thresholds,
                numbers(curve),
                color=_COLOURS[2 * i % 20],
                linestyle=_LINE_STYLES[i // 10 % len(_LINE_STYLES)],
                lw=1.3,
            )
        axes.set_xlabel(xlabel if place > len(panels) - columns else '')
        axes.set_ylabel(ylabel if place % columns == 1 else '')
    _legend_below(figure, handles.values(), handles.keys())
    save(figure, path)


def _legend_below(figure: Figure, handles: Iterable, names: Iterable) -> None:
    figure.legend(
        list(handles),
        list(names),
        loc='outside lower center',
        ncols=4,
        fontsize='small',
    )


def numbers(values: Sequence[Optional[float]]) -> np.ndarray:
    """None as NaN."""
    return np.array(
        [np.nan if value is None else value for value in values], float
    )
