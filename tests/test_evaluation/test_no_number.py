"""Where there is nothing to measure the report says so: a "-" in the tables, a
line in the log, never a 0, and no division by zero on the way."""

import numpy as np
import pytest
from rich.console import Console

from dfa_mm.evaluation import (
    LandmarkMetric,
    collect_report,
    detail_tables,
    landmark_metric,
    landmark_table,
    results_table,
)
from dfa_mm.structures import LSP_SET

pytestmark = pytest.mark.filterwarnings('error')
METRICS = ['NormalizedError', 'PDL', 'VisibilityAccuracy', 'PCP', 'TorsoPCK']
NUMBERS = [
    'NE/image',
    'NE/box',
    'NE/square',
    'NE/gross',
    'PDL@15',
    'visibility_accuracy',
    'PCP/strict',
    'PCP/loose',
    'PCK@0.2',
]


@pytest.fixture
def said(monkeypatch):
    """What is logged."""
    lines = []
    monkeypatch.setattr(
        landmark_metric, 'print_log', lambda text, **_: lines.append(text)
    )
    return lines


@pytest.fixture
def nobody(person):
    """A function: state to a sample of whom no joint has another one."""

    def make(state, **extra):
        states = dict.fromkeys(LSP_SET.landmarks, state)
        told = np.zeros((1, len(states)), int)
        return person({}, states=states, predicted=told, **extra)

    return make


def printed(report):
    """All lines of all tables that begin with a stage or a landmark."""
    console = Console(width=200, color_system=None)
    with console.capture() as capture:
        tables = results_table(report), landmark_table(report)
        for table in (*tables, *detail_tables(report)):
            console.print(table)
    lines = capture.get().translate(str.maketrans('│┃', '  ')).splitlines()
    rows = ('final', *LSP_SET.landmarks)
    return [line for line in lines if line.strip().startswith(rows)]


@pytest.mark.parametrize('state', [-1, 2])
def test_no_landmark_with_a_position(evaluate_people, nobody, said, state):
    samples = [nobody(state, clothes_type=1)] * 2
    numbers, evaluator = evaluate_people(samples, *METRICS)
    if state == 2:
        # that they are truncated was there to be told
        assert numbers.pop('visibility_accuracy') == 0
        assert numbers.pop('recall/truncated') == 0
    missing = [name for name in NUMBERS if name in numbers]
    assert list(numbers) == missing
    assert np.isnan(list(numbers.values())).all()
    # each of them is in one line, with the reason
    reason = ': no number, because no landmark of the 2 samples takes part'
    assert all(line.endswith(reason) for line in said)
    told = [line.removesuffix(reason).split(', ') for line in said]
    assert [name for names in told for name in names] == missing


def test_no_visible_landmark_in_the_tables(evaluate_people, nobody):
    _, evaluator = evaluate_people([nobody(-1, clothes_type=2)], *METRICS)
    for line in printed(collect_report(evaluator)):
        # "0" is a count: a share, or an error, of nothing would be "0.0000"
        assert set(line.split()[2:]) <= {'-', '0', 'top'}, line


def test_occluded_alone(evaluate, sample, said):
    """Box is about visible landmarks only; the others have their numbers."""
    numbers, _ = evaluate([sample([(10, 0)] * 2, [1, 1])], 'NormalizedError')
    assert numbers['NE/square'] == pytest.approx(0.1)
    reason = 'no number, because no landmark of the 1 samples takes part'
    assert said == [f'NE/box, NE/gross: {reason}']


def test_one_sample_is_its_own_mean(evaluate, sample, said):
    one = sample([(10, 0)] * 2, [0, 0], predicted=[[0, 0]] * 1)
    numbers, evaluator = evaluate([one], 'NormalizedError', 'PDL')
    assert numbers['NE/box'] == pytest.approx(0.1)
    tail = evaluator.metrics[0].report['box']['final']['tail']['visible']
    for name in ('mean', 'median', 'p90'):
        assert tail[name] == pytest.approx(0.1)
    assert said == []


def test_a_clothes_type_without_a_sample_has_no_row(evaluate, sample):
    one = sample([(10, 0)] * 2, [0, 0], predicted=[[0, 0]], clothes_type=2)
    _, evaluator = evaluate([one], 'NormalizedError', 'VisibilityAccuracy')
    for metric in evaluator.metrics:
        stages = metric.report.get('box') or metric.report['stages']
        assert list(stages['final']['clothes_type']) == ['lower']


def test_no_sample_gives_no_number(evaluate):
    numbers, evaluator = evaluate([], *METRICS)
    assert numbers == {}
    assert collect_report(evaluator) == {}


def test_a_diverged_model_is_told(evaluate, sample, said):
    one = sample([(np.nan, 0), (10, 0)], [0, 0])
    numbers, _ = evaluate([one], 'NormalizedError', 'PDL')
    assert numbers['NE/box'] == np.inf
    assert numbers['PDL@15'] == 0
    names = 'NE/image, NE/box, NE/square'
    reason = 'no number, because predictions are not finite'
    assert said == [f'{names}: {reason}']


def test_a_metric_says_what_it_needs():
    needed = {'make_report', 'summary'}
    assert LandmarkMetric.__abstractmethods__ == needed
