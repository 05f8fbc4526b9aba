"""What one picture costs: DFA, averaging, DeepPose, MMPose's heads."""

import hashlib
import json
from pathlib import Path

import torch

from dfa_mm.engine.identity import model_identity
from dfa_mm.files import write_json
from dfa_mm.models.routers import EASY_BRANCH, HARD_BRANCH

from .. import rows, tables
from ..hardware import describe_hardware
from ..measure import (
    RawForward,
    System,
    complexity,
    describe_times,
    interleaved_seconds,
    ratio,
)
from ..networks import input_size, untrained_model
from ..paper import PAPER
from ..plots import new_figure, save
from ..report import today, write_report
from ..results import Results
from ..run import Run
from ..seeds import MISSING

MEASURED = 'measured.json'
REPEATS = {'smoke': 5, 'small': 50, 'paper': 50}
EASY, HARD = 'DFA, easy branch', 'DFA, hard branch'
AVERAGING = 'DFA, both branches averaged'
DEEPPOSE, ONE_NETWORK = 'DeepPose', 'direct regression'
# A line of the report to its row.
SYSTEMS = {
    EASY: rows.DFA,
    HARD: rows.DFA,
    AVERAGING: 'stage3_two_branch',
    DEEPPOSE: 'deeppose',
    ONE_NETWORK: 'stage1_direct',
    **{label: name for name, label in rows.HEADS.items()},
}
ROWS = tuple(dict.fromkeys(SYSTEMS.values()))
BRANCHES = {EASY: EASY_BRANCH, HARD: HARD_BRANCH}


def write(results: Results) -> Path:
    """report.md, report.json and the bars."""
    measured = measure_once(results)
    height, width = measured['input']
    draw(results.folder / 'cost.png', measured['systems'])
    return write_report(
        results,
        dict(
            systems=systems_table(measured['systems']),
            ratios=ratios_table(measured),
            height=height,
            width=width,
            repeats=measured['repeats'],
        ),
        dict(paper={k: PAPER[k] for k in ('milliseconds', 'networks')})
        | measured,
        circumstances=f'random weights, measured on {measured["hardware"]}',
    )


def measure_once(results: Results) -> dict:
    """What an earlier call measured of the same, or measured now."""
    path = results.folder / MEASURED
    identity = what_is_measured(results)
    if path.exists():
        before = json.loads(path.read_text())
        if before['identity'] == identity:
            results.console.print(
                f'Measured before; delete {path} to measure again'
            )
            return before
    measured = dict(identity=identity, date=today(), **measure(results))
    write_json(path, measured)
    return measured


def what_is_measured(results: Results) -> dict:
    """Of these depends whether a measurement can be used again."""
    runs = runs_by_row(results)
    return dict(
        systems={
            name: digest(model_identity(runs[row].cfg))
            for name, row in SYSTEMS.items()
        },
        hardware=hardware(),
        torch=torch.__version__,
        repeats=repeats(results),
    )


def digest(content: dict) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measure(results: Results) -> dict:
    """All systems, in turn."""
    systems = make_systems(results)
    counted = {}
    for system in systems:
        results.console.print(f'Counting {system.name}')
        counted[system.name] = complexity(system)
    seconds = interleaved_seconds(systems, repeats(results), results.console)
    return dict(
        hardware=hardware(),
        input=list(systems[0].size),
        repeats=repeats(results),
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


def make_systems(results: Results) -> list[System]:
    """With random weights; rows that are one and the same share them."""
    runs, models, systems = runs_by_row(results), {}, []
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    for name, row in SYSTEMS.items():
        cfg = runs[row].cfg
        if row not in models:
            results.console.print(f'Building {row}')
            models[row] = RawForward(untrained_model(runs[row])).to(device)
        width, height = input_size(cfg)
        systems.append(
            System(
                *(name, models[row], (height, width)),
                *(cfg.model.backbone.type, BRANCHES.get(name)),
            )
        )
    return systems


def runs_by_row(results: Results) -> dict[str, Run]:
    """Any seed's."""
    return {run.row.name: run for run in results.runs}


def repeats(results: Results) -> int:
    return REPEATS[results.scale.rpartition('-')[2]]


def hardware() -> str:
    return describe_hardware(torch.get_num_threads())


def systems_table(systems: dict) -> str:
    """One line per system."""
    lines = [
        [
            name,
            str(found['networks']),
            tables.number(found['parameters'] / 1e6),
            tables.number(found['gflops'], 2),
            *(
                tables.number(found['milliseconds'][key])
                for key in ('median', 'lower', 'upper')
            ),
        ]
        for name, found in systems.items()
    ]
    header = (
        *('', 'networks per picture', 'parameters, millions'),
        *('GFLOPs', 'ms, median', 'lower quartile', 'upper quartile'),
    )
    return tables.table(header, lines)


def ratios_table(measured: dict) -> str:
    """Time, operations and networks in units of DFA's, and the paper's."""
    systems, easy = measured['systems'], measured['systems'][EASY]
    lines = [
        [
            name,
            f'{tables.number(found["median"], 2)} '
            f'({tables.number(found["lower"], 2)} to '
            f'{tables.number(found["upper"], 2)})',
            tables.number(systems[name]['gflops'] / easy['gflops'], 2),
            tables.number(systems[name]['networks'] / easy['networks'], 2),
            *_paper_ratios(name),
        ]
        for name, found in measured['ratios'].items()
    ]
    header = (
        *(f'times {EASY}', 'time', 'GFLOPs', 'networks'),
        *('time (paper)', 'networks (paper)'),
    )
    return tables.table(header, lines)


def _paper_ratios(name: str) -> list[str]:
    """DeepPose's 650 ms to 100 ms, 17 networks to 3."""
    if name != DEEPPOSE:
        return [MISSING] * 2
    return [
        tables.number(printed['DeepPose'] / printed['DFA'], 2)
        for printed in (PAPER['milliseconds'], PAPER['networks'])
    ]


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
