"""Fig. 2: what a data set consists of."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dfa_mm.datasets.fld_lists import SPLITS
from dfa_mm.engine.requirements import check_files
from dfa_mm.structures import CLOTHES_TYPES, VARIATION_TYPES, Visibility

from .. import plots, rows, tables
from ..networks import build_dataset
from ..paper import PAPER
from ..plots import grouped_bars, new_figure, save
from ..report import write_report
from ..results import Results
from ..seeds import Estimate

STATES = tuple(
    Visibility(code).name.lower() for code in sorted(set(Visibility) - {-1})
)
PARTS = {
    'clothes type': tuple(CLOTHES_TYPES.values()),
    'variation': tuple(VARIATION_TYPES.values()),
    'visibility': STATES,
}
_UNKNOWN = 'unknown'
# Part to how often what is there.
Counts = dict[str, Counter]


def write(results: Results) -> Path:
    """report.md, report.json and the bars.

    Raises:
        MissingFilesError: If the data are not there.
    """
    found = count_splits(results)
    total = add_up(found.values())
    shares = {part: percentages(total[part]) for part in PARTS}
    draw(results.folder / 'shares.png', shares, results.scale)
    splits = [
        [split, f'{garments(counts):,}']
        for split, counts in {**found, 'all': total}.items()
    ]
    return write_report(
        results,
        dict(
            splits=tables.table(('split', 'garments'), splits),
            parts={part: part_table(part, total[part]) for part in PARTS},
            fld_images=f'{PAPER["fld_images"]:,}',
        ),
        dict(splits=found, percent=shares, paper=PAPER['figure2']),
        circumstances='no network is trained for this',
    )


def count_splits(results: Results) -> dict[str, Counts]:
    """Every split of the data that the whole cascade is trained on."""
    run = next(run for run in results.runs if run.row.name == rows.DFA)
    without_weights = run.cfg.copy()
    without_weights.model = {}
    check_files(without_weights)
    found = {}
    for split in SPLITS:
        results.console.print(f'Reading the annotations of {split}')
        parts = annotation_sets(run.cfg.train_dataloader.dataset, split)
        found[split] = add_up(
            count(build_dataset(run, part)) for part in parts
        )
    return found


def annotation_sets(dataset: dict, split: str) -> list[dict]:
    """The parts of a set in another split: all samples and no pictures."""
    parts = dataset.get('datasets') or [dataset]
    kept = ('type', 'data_root', 'subset', 'data_prefix')
    return [
        dict({k: part[k] for k in kept if k in part}, split=split, pipeline=[])
        for part in parts
    ]


def count(dataset) -> Counts:
    """Garments by type and variation, landmarks by visibility."""
    found = {part: Counter() for part in PARTS}
    for i in range(len(dataset)):
        info = dataset.get_data_info(i)
        found['clothes type'][CLOTHES_TYPES[info['clothes_type']]] += 1
        variation = VARIATION_TYPES.get(info['variation_type'], _UNKNOWN)
        found['variation'][variation] += 1
        states = np.asarray(info['landmark_visibility']).ravel()
        found['visibility'].update(STATES[int(s)] for s in states[states >= 0])
    return found


def add_up(parts: Iterable[Counts]) -> Counts:
    total = {part: Counter() for part in PARTS}
    for each in parts:
        for part in PARTS:
            total[part].update(each[part])
    return total


def garments(counts: Counts) -> int:
    return sum(counts['clothes type'].values())


def percentages(counts: Counter) -> dict[str, float]:
    total = sum(counts.values())
    return {name: 100 * number / total for name, number in counts.items()}


def part_table(part: str, counts: Counter) -> str:
    """Numbers and shares beside the paper's."""
    names, printed = PARTS[part], PAPER['figure2'][part]
    extra = [name for name in counts if name not in names]
    shares = percentages(counts)
    lines = [
        [
            name,
            f'{counts[name]:,}',
            tables.number(shares.get(name, 0.0)),
            tables.number(printed.get(name)),
        ]
        for name in (*names, *extra)
    ]
    header = (part, 'number', 'percent', 'percent (paper, FLD)')
    return tables.table(header, lines)


def draw(path: Path, shares: dict, name: str) -> None:
    """A panel of bars for each part."""

    def bars(values: dict, names: Iterable[str]) -> list[Estimate]:
        return [Estimate(values.get(each, 0.0), None, 1) for each in names]

    figure = new_figure(12, 3.8)
    widths = list(map(len, PARTS.values()))
    panels = figure.subplots(1, len(PARTS), width_ratios=widths)
    for axes, (part, names) in zip(panels, PARTS.items()):
        printed = PAPER['figure2'][part]
        series = {name: bars(shares[part], names)}
        if printed:
            series[plots.PAPER] = bars(printed, names)
        grouped_bars(axes, names, series)
        axes.set(title=part, ylabel='percent')
    panels[0].legend()
    save(figure, path)
