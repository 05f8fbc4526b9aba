from io import StringIO

import pytest
from mmengine.config import Config
from rich.console import Console

from dfa_mm.engine import progress
from dfa_mm.engine.progress import TrainingProgress, iterations


def config(**train_cfg):
    model = dict(stages=[{}, {}, {}])
    return Config(dict(model=model, train_cfg=train_cfg, work_dir='x'))


@pytest.fixture
def clock(monkeypatch):
    """Two seconds from one look at it to the next."""
    now = [0]

    def tick():
        now[0] += 2
        return now[0]

    monkeypatch.setattr(progress.time, 'monotonic', tick)


@pytest.mark.parametrize(
    ('train_cfg', 'expected'),
    [(dict(max_epochs=3), 3 * 7), (dict(by_epoch=False, max_iters=20), 20)],
)
def test_iterations_of_a_stage(train_cfg, expected):
    assert iterations(config(**train_cfg), batches=7) == expected


def lines(stages, steps, terminal=False):
    """Of ``steps``, iterations trained by stage, in stages of 20 each."""
    console = Console(file=StringIO(), force_terminal=terminal, width=200)
    cfg = config(max_epochs=2)
    with TrainingProgress(console, cfg, stages) as shown:
        for stage, last in steps:
            shown.begin(stage, 10)
            for trained in range(1, last + 1):
                shown.step(trained, 0.5)
    return console.file.getvalue()


def test_there_are_tens_of_lines(clock, monkeypatch):
    text = lines((1, 2, 3), [(1, 20), (2, 20), (3, 20)])
    found = text.splitlines()
    # at every tenth of 60 iterations
    assert len(found) == 10
    assert found[0].startswith('stage 1 of 3, iteration 6 of 20, loss 0.5; ')
    # 54 iterations left; each looks at the clock two times: 4 s, but the first
    assert '10% of all' in found[0]
    assert not found[0].endswith(' ')
    assert found[-1].startswith('stage 3 of 3, iteration 20 of 20')
    assert '100% of all, 0:00:00 left' in found[-1]
    # at the latest after ten minutes
    monkeypatch.setattr(progress, 'SECONDS', 1)
    text = lines((1, 2, 3), [(1, 20), (2, 20), (3, 20)])
    assert len(text.splitlines()) == 60


def test_time_left_is_of_all_stages(clock, monkeypatch):
    monkeypatch.setattr(progress, 'SECONDS', 0)
    # stages 2 and 3, of which the first begins: 40 - 3 iterations of 4 s
    text = lines((2, 3), [(2, 3)])
    assert text.splitlines()[-1].endswith('8% of all, 0:02:28 left')


def test_a_terminal_has_a_bar(clock):
    text = lines((1,), [(1, 20)], terminal=True)
    assert 'stage 1 of 3, iteration 20 of 20, loss 0.5' in text
    assert '100 %' in text
