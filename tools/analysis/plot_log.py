#!/usr/bin/env python
"""Training curves: losses, learning rate and metrics of one or more runs.

    python tools/analysis/plot_log.py work_dirs/x_stage{1,2,3} --out x.png

RUN is a work folder, of whose sessions the last word counts where a resumed
one repeats iterations, or a scalars.json. One panel per quantity, one colour
per run; branches of stage 3 differ in their line. Metrics stand at the last
logged iteration before the validation.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Optional

import matplotlib
import numpy as np
from matplotlib.figure import Figure

SCALARS = 'vis_data/scalars.json'
# of a line, and not of the training
POSITION = ('iter', 'step', 'epoch')
TIMES = ('time', 'data_time')
BRANCH = 'branch'
LINE_STYLES = ('-', '--')
FEW = 20  # points of a curve that are marked
COLUMNS = 3
PANEL_INCHES = (4.6, 3.0)
LEGEND_INCHES = 0.5
DPI = 110

Curve = tuple[np.ndarray, np.ndarray]
"""Iterations (P,) and values (P,)."""


class LogError(ValueError):
    """There is nothing to plot; says what was looked for."""


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('runs', nargs='+', type=Path, metavar='RUN')
    parser.add_argument(
        '--out', type=Path, default=Path('curves.png'), help='PNG to write'
    )
    parser.add_argument(
        '--keys',
        nargs='+',
        help='what to plot, with * for anything, such as "NE/*" (default: '
        'losses, learning rate, metrics of the last stage)',
    )
    parser.add_argument(
        '--chain',
        action='store_true',
        help='draw the runs one after another, as stages are trained',
    )
    return parser.parse_args(argv)


def log_files(run: Path) -> list[Path]:
    """The scalars.json of every session of a run, in order.

    Raises:
        LogError: If there is none.
    """
    if run.is_file():
        return [run]
    files = sorted(run.glob(f'*/{SCALARS}')) or sorted(run.glob(SCALARS))
    if not files:
        raise LogError(
            f'{run} has no log: expected a work folder with DATE/{SCALARS}, '
            'or such a file'
        )
    return files


def read_session(path: Path) -> list[dict]:
    """Every line, with ``iter`` also where MMEngine wrote only a step.

    Lines before the first training line are a test's, a torn last line is an
    interrupted run's: both are left out.
    """
    records, last = [], None
    for line in path.read_text().splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        last = record.get('iter', last)
        if last is not None:
            records.append(dict(record, iter=last))
    return records


def read_run(run: Path) -> list[list[dict]]:
    """Lines of the trainings in a work folder, one as a rule.

    What a resumed session repeats is replaced. Iterations that start again
    are another training: of the stage after, where one call trained several
    into one log, or from the beginning.
    """
    trainings: list[list[dict]] = []
    for path in log_files(run):
        for i, part in enumerate(ascending(read_session(path))):
            start = part[0]['iter']
            if not i and trainings and start > trainings[-1][0]['iter']:
                kept = [r for r in trainings[-1] if r['iter'] < start]
                trainings[-1] = kept + part
            else:
                trainings.append(part)
    if not trainings:
        raise LogError(f'{run} has no line of a training yet')
    return trainings


def ascending(records: Iterable[dict]) -> list[list[dict]]:
    """Cut where the iterations start again."""
    parts: list[list[dict]] = []
    for record in records:
        if not parts or record['iter'] < parts[-1][-1]['iter']:
            parts.append([])
        parts[-1].append(record)
    return parts


def read_runs(names: Iterable[str], runs: Iterable[Path]) -> dict:
    """Name to lines; several trainings of a run are numbered."""
    found = {}
    for name, run in zip(names, runs):
        trainings = read_run(run)
        for i, records in enumerate(trainings, start=1):
            label = f'{name} ({i})' if len(trainings) > 1 else name
            found[label] = records
    return found


def curves_of(records: Iterable[Mapping]) -> dict[str, Curve]:
    """Key to its curve."""
    points: dict[str, list] = {}
    for record in records:
        for key, value in record.items():
            if key not in POSITION and isinstance(value, (int, float)):
                points.setdefault(key, []).append((record['iter'], value))
    return {key: tuple(np.array(p, float).T) for key, p in points.items()}


def metric_keys(records: Iterable[Mapping]) -> set[str]:
    """What only lines of a validation have: they hold no loss."""
    return {
        key
        for record in records
        if 'loss' not in record
        for key in record
        if key not in (*POSITION, *TIMES)
    }


def choose(
    keys: Iterable[str], metrics: set[str], patterns: Optional[Sequence[str]]
) -> list[str]:
    """The keys to plot: losses first, then the rate, then the metrics."""
    keys = list(dict.fromkeys(keys))
    if patterns:
        return [k for k in keys if any(fnmatch(k, p) for p in patterns)]
    losses = [k for k in keys if 'loss' in k]
    rates = [k for k in keys if k == 'lr']
    # stages before the one in training do not change
    last = [k for k in keys if k in metrics and '/stage' not in k]
    return losses + rates + last


def panel_of(key: str) -> tuple[str, int]:
    """``branch2.loss`` is the second line of the panel ``loss``."""
    found = re.fullmatch(rf'{BRANCH}(\d+)\.(.+)', key)
    return (found[2], int(found[1])) if found else (key, 0)


def plot(
    runs: Mapping[str, dict[str, Curve]], keys: Sequence[str], path: Path
) -> None:
    """Write a PNG with one panel per quantity."""
    panels = list(dict.fromkeys(panel_of(key)[0] for key in keys))
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    size = np.multiply(PANEL_INCHES, (columns, rows)) + (0, LEGEND_INCHES)
    figure = Figure(figsize=size, dpi=DPI, layout='constrained')
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, name in zip(grid, panels):
        axes.set(title=name, xlabel='iteration')
        axes.grid(alpha=0.3)
    for axes in grid[len(panels) :]:
        axes.axis('off')
    lines = {}
    for i, (run, curves) in enumerate(runs.items()):
        for key in keys:
            if key in curves:
                name, branch = panel_of(key)
                label = f'{run}, {BRANCH} {branch}' if branch > 1 else run
                (line,) = grid[panels.index(name)].plot(
                    *curves[key],
                    color=matplotlib.colormaps['tab10'](i % 10),
                    linestyle=LINE_STYLES[max(0, branch - 1)],
                    marker='.' if len(curves[key][0]) < FEW else None,
                )
                lines.setdefault(label, line)
    figure.legend(
        lines.values(),
        lines.keys(),
        loc='outside upper left',
        ncols=columns,
        fontsize='small',
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format='png')


def chained(runs: Mapping[str, list[dict]]) -> dict[str, list[dict]]:
    """The runs' iterations counted on from one run to the next."""
    result, start = {}, 0
    for name, records in runs.items():
        result[name] = [dict(r, iter=r['iter'] + start) for r in records]
        start = result[name][-1]['iter']
    return result


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    names = [
        (run.parents[2] if run.is_file() else run.resolve()).name
        for run in args.runs
    ]
    if len(set(names)) < len(names):  # the same folder in several places
        names = [str(run) for run in args.runs]
    try:
        runs = read_runs(names, args.runs)
        if args.chain:
            runs = chained(runs)
        metrics = set().union(*map(metric_keys, runs.values()))
        curves = {name: curves_of(records) for name, records in runs.items()}
        found = [key for each in curves.values() for key in each]
        keys = choose(found, metrics, args.keys)
        if not keys:
            raise LogError(
                f'nothing fits --keys {" ".join(args.keys or ())}; there are '
                f'{", ".join(sorted(set(found)))}'
            )
        plot(curves, keys, args.out)
    except (LogError, OSError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    print(f'{args.out}: {", ".join(keys)}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
