"""What one picture costs: DFA, averaging, DeepPose, MMPose's heads."""

import json
from pathlib import Path

import torch
from mmengine.config import Config

from dfa_mm.models.routers import EASY_BRANCH, HARD_BRANCH

from .. import markdown
from ..hardware import describe_hardware
from ..loading import run_config, untrained_model
from ..paper import MILLISECONDS, NETWORKS
from ..record import write_json
from ..report import ReportInput, command_text, frame, opening, today
from ..run import Run
from ..settings import digest
from . import rows
from .measure import (
    RawForward,
    System,
    complexity,
    describe_times,
    interleaved_seconds,
    ratio,
)
from .plots import new_figure, save
from .scales import garment_experiment

TITLE = 'Cost: what one picture takes'
PLOT, MEASURED = 'cost.png', 'measured.json'
REPEATS = {'smoke': 5, 'small': 50, 'paper': 50}
EASY, HARD = 'DFA, easy branch', 'DFA, hard branch'
AVERAGING = 'DFA, both branches averaged'
DEEPPOSE, ONE_NETWORK = 'DeepPose', 'direct regression'
# A line of the report to its row.
SYSTEMS = {
    EASY: rows.DFA,
    HARD: rows.DFA,
    AVERAGING: rows.STAGE3_TWO_BRANCH,
    DEEPPOSE: rows.DEEPPOSE,
    ONE_NETWORK: rows.STAGE1_DIRECT,
    **{label: name for name, label in rows.HEADS.items()},
}
BRANCHES = {EASY: EASY_BRANCH, HARD: HARD_BRANCH}


def write_report(report: ReportInput) -> Path:
    """report.md, report.json and the bars."""
    report.folder.mkdir(parents=True, exist_ok=True)
    measured = measure_once(report)
    draw(report.folder / PLOT, measured['systems'])
    path = report.folder / 'report.md'
    beginning = opening(
        report, f'random weights, measured on {measured["hardware"]}'
    )
    sections = [
        systems_section(measured['systems']),
        f'![Time and operations of one picture]({PLOT})',
        ratio_section(measured),
        explanation(measured),
    ]
    path.write_text(frame(report, TITLE, sections, beginning))
    write_json(
        report.folder / 'report.json',
        dict(
            experiment=report.experiment,
            scale=report.scale,
            command=command_text(report, report.command),
            paper=dict(milliseconds=MILLISECONDS, networks=NETWORKS),
            **measured,
        ),
    )
    return path


def measure_once(report: ReportInput) -> dict:
    """What an earlier call measured of the same, or measured now."""
    path = report.folder / MEASURED
    identity = what_is_measured(report)
    if path.exists():
        before = json.loads(path.read_text())
        if before['identity'] == identity:
            report.console.print(
                f'Measured before; delete {path} to measure again'
            )
            return before
    measured = dict(identity=identity, date=today(), **measure(report))
    write_json(path, measured)
    return measured


def what_is_measured(report: ReportInput) -> dict:
    """Of these depends whether a measurement can be used again."""
    runs = runs_by_row(report)
    return dict(
        systems={
            name: digest(runs[row].settings) for name, row in SYSTEMS.items()
        },
        hardware=hardware(),
        torch=torch.__version__,
        repeats=repeats(report),
    )


def measure(report: ReportInput) -> dict:
    """All systems, in turn."""
    systems = make_systems(report)
    counted = {}
    for system in systems:
        report.console.print(f'Counting {system.name}')
        counted[system.name] = complexity(system)
    seconds = interleaved_seconds(systems, repeats(report), report.console)
    return dict(
        hardware=hardware(),
        input=list(systems[0].size),
        repeats=repeats(report),
        systems={
            name: dict(found, milliseconds=describe_times(seconds[name]))
            for name, found in counted.items()
        },
        ratios={
            name: ratio(seconds[name], seconds[EASY])
            for name in counted
            if name != EASY
        },
    )


def make_systems(report: ReportInput) -> list[System]:
    """With random weights; rows that are one and the same share them."""
    runs, models, systems = runs_by_row(report), {}, []
    for name, row in SYSTEMS.items():
        cfg = run_config(runs[row])
        if row not in models:
            report.console.print(f'Building {row}')
            models[row] = RawForward(untrained_model(cfg)).to(device())
        systems.append(
            System(
                name,
                models[row],
                input_size(cfg),
                cfg.model.backbone.type,
                BRANCHES.get(name),
            )
        )
    return systems


def input_size(cfg: Config) -> tuple[int, int]:
    """(H, W) of the crop that the networks see."""
    pipeline = cfg.test_dataloader.dataset.pipeline
    width, height = next(
        step.input_size for step in pipeline if step.type == 'TopdownAffine'
    )
    return height, width


def runs_by_row(report: ReportInput) -> dict[str, Run]:
    """Any seed's."""
    return {run.row.name: run for run in report.runs}


def repeats(report: ReportInput) -> int:
    return REPEATS[report.scale.rpartition('-')[2]]


def device() -> torch.device:
    return torch.device('cuda' if torch.cuda.is_available() else 'cpu')


def hardware() -> str:
    return describe_hardware(torch.get_num_threads())


def systems_section(systems: dict) -> str:
    """One line per system."""
    lines = [
        [
            name,
            str(found['networks']),
            markdown.number(found['parameters'] / 1e6),
            markdown.number(found['gflops'], 2),
            *(
                markdown.number(found['milliseconds'][key])
                for key in ('median', 'lower', 'upper')
            ),
        ]
        for name, found in systems.items()
    ]
    header = (
        *('', 'networks per picture', 'parameters, millions'),
        *('GFLOPs', 'ms, median', 'lower quartile', 'upper quartile'),
    )
    return '\n\n'.join(['## One picture', markdown.table(header, lines)])


def ratio_section(measured: dict) -> str:
    """Time, operations and networks in units of DFA's, and the paper's."""
    systems, easy = measured['systems'], measured['systems'][EASY]
    lines = [
        [
            name,
            f'{markdown.number(found["median"], 2)} '
            f'({markdown.number(found["lower"], 2)} to '
            f'{markdown.number(found["upper"], 2)})',
            markdown.number(systems[name]['gflops'] / easy['gflops'], 2),
            markdown.number(systems[name]['networks'] / easy['networks'], 2),
            *_paper_ratios(name),
        ]
        for name, found in measured['ratios'].items()
    ]
    header = (
        *(f'times {EASY}', 'time', 'GFLOPs', 'networks'),
        *('time (paper)', 'networks (paper)'),
    )
    return f'## Ratios\n\n{markdown.table(header, lines)}'


def _paper_ratios(name: str) -> list[str]:
    """DeepPose's 650 ms to 100 ms, 17 networks to 3."""
    if name != DEEPPOSE:
        return [markdown.MISSING] * 2
    return [
        markdown.number(printed['DeepPose'] / printed['DFA'], 2)
        for printed in (MILLISECONDS, NETWORKS)
    ]


def explanation(measured: dict) -> str:
    height, width = measured['input']
    return (
        f'One crop of {width} x {height} at a time, without loading it and '
        'without its mirrored copy. Networks: how often a backbone was run. '
        'Parameters: all that must be kept, of both branches where there are '
        'two. GFLOPs: thousand million multiply-adds, counted by '
        '`mmengine.analysis.get_model_complexity_info`. Time: all systems in '
        f'turn, {measured["repeats"]} rounds after an untimed one; the ratio '
        'is taken round by round, its quartiles in brackets. Which branch is '
        'taken is fixed for the measurement: both cost the same but for '
        'chance. The paper gives about 100 ms for DFA and nearly 650 ms for '
        'DeepPose, for a picture of 300 x 300 on one GTX Titan X.'
    )


def draw(path: Path, systems: dict) -> None:
    """Time on the left, operations on the right."""
    figure = new_figure(11, 0.45 * len(systems) + 1.2)
    left, right = figure.subplots(1, 2, sharey=True)
    places = range(len(systems))
    times = [found['milliseconds'] for found in systems.values()]
    medians = [found['median'] for found in times]
    left.barh(
        places,
        medians,
        xerr=[
            [found['median'] - found['lower'] for found in times],
            [found['upper'] - found['median'] for found in times],
        ],
        capsize=3,
    )
    right.barh(
        places, [found['gflops'] for found in systems.values()], color='C1'
    )
    left.set_yticks(places, list(systems))
    left.invert_yaxis()
    left.set_xlabel('ms per picture, median and quartiles')
    right.set_xlabel('GFLOPs per picture')
    for axes in (left, right):
        axes.grid(axis='x', alpha=0.3)
        axes.set_axisbelow(True)
    save(figure, path)


EXPERIMENT = garment_experiment(
    'cost',
    'networks, parameters, operations and time of one picture',
    tuple(dict.fromkeys(SYSTEMS.values())),
    write_report,
    trains=False,
)
