"""Folder and environment for a while, and where shared runs lie."""

import os

import pytest
from reproduction_files import make_row, write_root
from rich.console import Console

from projects.reproduction import Experiment, Request, Scale, reproduce
from projects.reproduction.surroundings import variables, working_in


def fail_within(context) -> None:
    """Notes folder and two variables, and raises."""
    with context:
        seen.append((os.getcwd(), *map(os.environ.get, NAMES)))
        raise RuntimeError('stop')


NAMES = ('DFA_KNOWN', 'DFA_NEW')
seen: list = []


@pytest.fixture(autouse=True)
def forget():
    seen.clear()


def test_folder_is_left_again(tmp_path):
    before = os.getcwd()
    with pytest.raises(RuntimeError, match='stop'):
        fail_within(working_in(tmp_path))
    assert seen[0][0] == str(tmp_path.resolve())
    assert os.getcwd() == before


def test_variables_are_given_back(monkeypatch):
    monkeypatch.setenv('DFA_KNOWN', 'before')
    monkeypatch.delenv('DFA_NEW', raising=False)
    with pytest.raises(RuntimeError, match='stop'):
        fail_within(variables(dict(DFA_KNOWN='a', DFA_NEW='b')))
    assert seen[0][1:] == ('a', 'b')
    assert os.environ['DFA_KNOWN'] == 'before'
    assert 'DFA_NEW' not in os.environ


# Reads a variable that the experiment sets and one that it makes.
CONFIG = """
root = '{{$DFA_ROOT:none}}'
drawn = '{{$DFA_DRAWN:none}}'
train_cfg = dict(max_epochs=2)
train_dataloader = dict(batch_size=8)
"""


def make_experiment(name, reports, **kwargs):
    def prepare(folder, root):
        return dict(DFA_DRAWN=str(folder.relative_to(root)))

    def write_report(report):
        reports.append(report)
        settings = [run.settings for run in report.finished]
        assert all(found['root'] == 'here' for found in settings)
        assert all(found['drawn'] == 'work/group/s' for found in settings)
        return report.folder / 'report.md'

    scale = Scale(
        (make_row('a'), make_row('b', parent='a')),
        seeds=(0,),
        environment=dict(DFA_ROOT='here'),
        prepare=prepare,
    )
    return Experiment(
        name, 'x', {'s': scale}, 's', write_report, group='group', **kwargs
    )


@pytest.fixture
def call(tmp_path):
    root = write_root(tmp_path)
    (root / 'configs/tiny.py').write_text(CONFIG)

    def run(experiment, **kwargs):
        request = Request(
            experiment, 's', root, root / 'work', ['python'], **kwargs
        )
        return reproduce(request, Console(quiet=True))

    run.root = root
    return run


def test_group_shares_runs_and_each_has_its_report(call):
    reports = []
    assert call(make_experiment('x', reports), names=['a']) == 0
    assert call(make_experiment('y', reports)) == 0
    # the first call's row was not trained again
    journal = (call.root / 'journal.txt').read_text().split()
    assert journal == ['a_seed0', 'b_seed0']
    folders = [report.folder for report in reports]
    assert folders == [call.root / 'work' / name / 's' for name in 'xy']
    runs = {run.folder.parent for report in reports for run in report.runs}
    assert runs == {call.root / 'work/group/s'}
    assert reports[0].environment == dict(
        DFA_ROOT='here', DFA_DRAWN='work/group/s'
    )


def test_experiment_without_training(call):
    reports = []
    assert call(make_experiment('x', reports, trains=False)) == 0
    assert not (call.root / 'journal.txt').exists()
    assert len(reports) == 1
