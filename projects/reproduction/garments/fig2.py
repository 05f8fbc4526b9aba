"""Fig. 2: what a data set consists of."""

from collections import Counter
from pathlib import Path

import numpy as np
from mmpose.registry import DATASETS

from dfa_mm.datasets.fld_raw import SPLITS
from dfa_mm.engine.requirements import check_files
from dfa_mm.structures import CLOTHES_TYPES, VARIATION_TYPES, Visibility

from .. import markdown
from ..loading import run_config
from ..paper import FIGURE2_TYPES, FIGURE2_VARIATIONS, FLD_IMAGES
from ..record import write_json
from ..report import ReportInput, command_text, frame, opening, today
from . import rows
from .plots import PAPER_COLOUR, grouped_bars, new_figure, save
from .scales import garment_experiment

TITLE = 'Fig. 2: the data'
PLOT = 'shares.png'
STATES = tuple(
    Visibility(code).name.lower() for code in sorted(set(Visibility) - {-1})
)
# Heading, names and the paper's shares in percent; its text has none of the
# landmarks' visibility.
PARTS = {
    'clothes type': (tuple(CLOTHES_TYPES.values()), FIGURE2_TYPES),
    'variation': (tuple(VARIATION_TYPES.values()), FIGURE2_VARIATIONS),
    'visibility': (STATES, {}),
}
_UNKNOWN = 'unknown'


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and the bars.

    Raises:
        MissingFilesError: If the data are not there.
    """
    report.folder.mkdir(parents=True, exist_ok=True)
    found = statistics(report)
    total = sum(found.values(), start=empty())
    shares = {part: percentages(total[part]) for part in PARTS}
    draw(report.folder / PLOT, shares, report.scale)
    path = report.folder / 'report.md'
    sections = [
        splits_section(found),
        f'![Shares beside those of FLD]({PLOT})',
        *(part_section(part, total[part], shares[part]) for part in PARTS),
        'Garments, not pictures, are counted: FLD has one of each. '
        f'FLD has {FLD_IMAGES:,} of them. Slots that a garment does not have '
        "are not counted under visibility, of which the paper's text has no "
        'shares.',
    ]
    beginning = opening(report, 'no network is trained for this')
    path.write_text(frame(report, TITLE, sections, beginning))
    write_json(
        report.folder / 'report.json',
        dict(
            experiment=report.experiment,
            scale=report.scale,
            date=today(),
            command=command_text(report, report.command),
            splits={split: as_json(part) for split, part in found.items()},
            percent=shares,
            paper={part: printed for part, (_, printed) in PARTS.items()},
        ),
    )
    return path


class Statistics(dict):
    """Part of :data:`PARTS` to a Counter of names; can be added up."""

    def __add__(self, other: 'Statistics') -> 'Statistics':
        return Statistics({k: self[k] + other[k] for k in self})

    @property
    def garments(self) -> int:
        return sum(self['clothes type'].values())


def empty() -> Statistics:
    return Statistics({part: Counter() for part in PARTS})


def statistics(report: ReportInput) -> dict[str, Statistics]:
    """Of every split of the data that the whole cascade is trained on."""
    run = next(run for run in report.runs if run.row.name == rows.DFA)
    cfg = run_config(run)
    check_files(_without_model(cfg))
    found = {}
    for split in SPLITS:
        report.console.print(f'Reading the annotations of {split}')
        parts = annotation_sets(cfg.train_dataloader.dataset, split)
        counts = [count(DATASETS.build(part)) for part in parts]
        found[split] = sum(counts, start=empty())
    return found


def annotation_sets(dataset: dict, split: str) -> list[dict]:
    """The parts of a set in another split: all samples and no pictures."""
    parts = dataset.get('datasets') or [dataset]
    kept = ('type', 'data_root', 'subset', 'data_prefix')
    return [
        dict({k: part[k] for k in kept if k in part}, split=split, pipeline=[])
        for part in parts
    ]


def count(dataset) -> Statistics:
    """Garments by type and variation, landmarks by visibility."""
    found = empty()
    for i in range(len(dataset)):
        info = dataset.get_data_info(i)
        found['clothes type'][CLOTHES_TYPES[info['clothes_type']]] += 1
        variation = VARIATION_TYPES.get(info['variation_type'], _UNKNOWN)
        found['variation'][variation] += 1
        states = np.asarray(info['landmark_visibility']).ravel()
        for state in states[states >= 0]:
            found['visibility'][STATES[int(state)]] += 1
    return found


def percentages(counts: Counter) -> dict[str, float]:
    total = sum(counts.values())
    return {name: 100 * number / total for name, number in counts.items()}


def splits_section(found: dict[str, Statistics]) -> str:
    lines = [[split, f'{part.garments:,}'] for split, part in found.items()]
    lines.append(['all', f'{sum(p.garments for p in found.values()):,}'])
    return '\n\n'.join(
        ['## Garments', markdown.table(('split', 'garments'), lines)]
    )


def part_section(part: str, counts: Counter, shares: dict) -> str:
    """Numbers and shares beside the paper's."""
    names, printed = PARTS[part]
    extra = [name for name in counts if name not in names]
    lines = [
        [
            name,
            f'{counts[name]:,}',
            markdown.number(shares.get(name, 0.0)),
            markdown.number(printed.get(name)),
        ]
        for name in (*names, *extra)
    ]
    header = (part, 'number', 'percent', 'percent (paper, FLD)')
    return f'## {part.capitalize()}\n\n{markdown.table(header, lines)}'


def draw(path: Path, shares: dict, name: str) -> None:
    """A panel of bars for each part."""
    figure = new_figure(12, 3.8)
    widths = [len(names) for names, _ in PARTS.values()]
    panels = figure.subplots(1, len(PARTS), width_ratios=widths)
    for axes, (part, (names, printed)) in zip(panels, PARTS.items()):
        series = {name: [shares[part].get(each, 0.0) for each in names]}
        if printed:
            series['FLD (paper)'] = [printed[each] for each in names]
        grouped_bars(
            axes, names, series, colours={'FLD (paper)': PAPER_COLOUR}
        )
        axes.set(title=part, ylabel='percent')
    panels[0].legend()
    save(figure, path)


def as_json(found: Statistics) -> dict:
    return {part: dict(counts) for part, counts in found.items()}


def _without_model(cfg):
    """Only the data are asked for, not the weights."""
    cfg = cfg.copy()
    cfg.model = {}
    return cfg


EXPERIMENT = garment_experiment(
    'fig2',
    'what a data set consists of, beside FLD (Fig. 2)',
    (rows.DFA,),
    write_report,
    trains=False,
)
