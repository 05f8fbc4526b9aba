"""Counting and timing, on networks that can be worked out by hand."""

import io
import json
from types import SimpleNamespace

import pytest
import torch
from mmpose.registry import MODELS
from report_files import make_results
from rich.console import Console
from torch import nn

from projects.reproduction import measure
from projects.reproduction.experiments import cost
from projects.reproduction.measure import (
    RawForward,
    System,
    complexity,
    describe_times,
    interleaved_seconds,
    ratio,
)
from projects.reproduction.networks import input_size

QUIET = Console(file=io.StringIO())


@MODELS.register_module(force=True)
class OneConvolution(nn.Module):
    """3 to 4 channels, 1 x 1: 12 multiply-adds per pixel, 16 parameters."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)

    def forward(self, x):
        return self.conv(x)


class Cascade(nn.Module):
    """One network, and one of two others if the threshold says so."""

    def __init__(self):
        super().__init__()
        self.first = OneConvolution()
        self.easy, self.hard = OneConvolution(), OneConvolution()
        self.router = nn.Module()
        self.router.register_buffer('threshold', torch.tensor(float('nan')))

    def forward(self, inputs, data_samples, mode):
        assert mode == 'tensor'
        assert data_samples is None
        before = self.first(inputs)[:, :3]
        if self.router.threshold > 0:
            return self.easy(before)
        return self.hard(before) + self.easy(before)


@pytest.fixture
def systems():
    model = RawForward(Cascade().eval())
    return [
        System(name, model, (2, 5), 'OneConvolution', branch)
        for branch, name in enumerate(('easy', 'hard'))
    ]


def test_complexity(systems):
    # 10 pixels, 12 multiply-adds each, two networks
    assert complexity(systems[0]) == dict(
        networks=2, parameters=48, gflops=pytest.approx(240e-9)
    )
    # this branch runs one more; all are kept in any case
    assert complexity(systems[1]) == dict(
        networks=3, parameters=48, gflops=pytest.approx(360e-9)
    )


def test_systems_take_turns(systems, monkeypatch):
    order, clock = [], iter(range(100))

    def time_once(system):
        order.append(system.name)
        return float(next(clock))

    monkeypatch.setattr(measure, 'time_once', time_once)
    found = interleaved_seconds(systems, 2, QUIET)
    assert order == ['easy', 'hard'] * 3
    # the first round is not counted
    assert found == dict(easy=[2.0, 4.0], hard=[3.0, 5.0])


def test_times_are_positive(systems):
    found = interleaved_seconds(systems, 3, QUIET)
    assert all(len(times) == 3 and min(times) > 0 for times in found.values())


def test_quartiles():
    # milliseconds of 1, 2, 3, 4 and 5 seconds
    assert describe_times([5, 1, 4, 2, 3]) == dict(
        lower=2000, median=3000, upper=4000
    )
    # round by round: 2, 4 and 1
    assert ratio([2, 8, 3], [1, 2, 3]) == dict(
        lower=1.5, median=2.0, upper=3.0
    )


@pytest.fixture
def report(tmp_path):
    return make_results(
        'cost', 'synthfld-small', tmp_path, {}, seeds=[0], console=QUIET
    )


def measured(report):
    """DeepPose six times as slow as DFA."""

    def system(factor, networks):
        times = dict(lower=9.0 * factor, median=10.0 * factor)
        return dict(
            networks=networks,
            parameters=1_500_000 * networks,
            gflops=0.5 * networks,
            milliseconds=dict(times, upper=12.0 * factor),
        )

    systems = {name: system(1, 3) for name in cost.SYSTEMS}
    systems[cost.DEEPPOSE] = system(6, 17)
    return dict(
        hardware='Some CPU, 1 thread',
        input=[128, 96],
        repeats=50,
        systems=systems,
        ratios={
            name: dict(lower=5.5, median=6.0, upper=6.5)
            for name in systems
            if name != cost.EASY
        },
    )


def test_report(report, monkeypatch):
    calls = []
    monkeypatch.setattr(
        cost, 'measure', lambda r: calls.append(r) or measured(r)
    )
    text = cost.write(report).read_text()
    found = [line.strip('|').split('|') for line in text.splitlines()]
    found = [[cell.strip() for cell in line] for line in found]
    assert ['DeepPose', '17', '25.5', '8.50', '60.0', '54.0', '72.0'] in found
    # 17 / 3 networks; 650 / 100 ms
    ratios = ['6.00 (5.50 to 6.50)', '5.67', '5.67', '6.50', '5.67']
    assert ['DeepPose', *ratios] in found
    assert 'One crop of 96 x 128' in text
    content = json.loads((report.folder / 'report.json').read_text())
    assert content['paper']['milliseconds'] == dict(DFA=100, DeepPose=650)
    assert (report.folder / 'cost.png').exists()
    # measured once, and again where something else is measured
    cost.write(report)
    assert len(calls) == 1
    monkeypatch.setitem(cost.REPEATS, 'small', 7)
    cost.write(report)
    assert len(calls) == 2


def test_size_of_the_crop_is_width_and_height():
    step = SimpleNamespace(type='TopdownAffine', input_size=(96, 128))
    dataset = SimpleNamespace(pipeline=[SimpleNamespace(type='x'), step])
    loader = SimpleNamespace(dataset=dataset)
    assert input_size(SimpleNamespace(test_dataloader=loader)) == (96, 128)
