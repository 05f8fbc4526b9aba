"""The tool itself; that it makes mutants needs requirements/mutants.txt."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope='module')
def tool():
    path = ROOT / 'tools/misc/mutants.py'
    spec = importlib.util.spec_from_file_location('mutants', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_planned_is_there(tool):
    plan = tool.plan()
    files = [*plan['modules'], *sum(plan['modules'].values(), [])]
    assert [name for name in files if not (ROOT / name).is_file()] == []
    assert set(plan['equivalent']) <= set(plan['modules'])
    for module in plan['equivalent']:
        assert all(' -> ' in each for each in tool.equivalents_of(module))


def test_change_is_the_lines_that_differ(tool):
    before, after = 'a = 1\nif a:\n    b  = 2\n', 'a = 1\nif a:\n    b  = 3\n'
    assert tool.change_of(before, after) == 'b = 2 -> b = 3'


def test_share_is_of_those_that_can_be_killed(tool):
    # 90 of 100, of which 4 cannot be
    counted = Counter(mutants=100, killed=90, equivalent=4)
    assert tool.share(counted) == pytest.approx(100 * 90 / 96)


def test_a_mutant_is_loaded_in_place_of_its_file(tool, tmp_path, monkeypatch):
    (tmp_path / 'planted.py').write_text('NUMBER = 1\n')
    monkeypatch.setattr(tool, 'ROOT', tmp_path)
    monkeypatch.setattr(sys, 'path', [str(tmp_path), *sys.path])
    finder = tool._Finder('planted.py', 'NUMBER = 2\n')
    monkeypatch.setattr(sys, 'meta_path', [finder, *sys.meta_path])
    module = importlib.import_module('planted')
    del sys.modules['planted']
    assert module.NUMBER == 2
    assert (tmp_path / 'planted.py').read_text() == 'NUMBER = 1\n'


def test_every_place_is_changed(tool, tmp_path, monkeypatch):
    reason = 'pip install -r requirements/mutants.txt'
    pytest.importorskip('cosmic_ray', reason=reason)
    monkeypatch.setattr(tool, 'ROOT', tmp_path)
    (tmp_path / 'm.py').write_text('def f(x):\n    return x.min() + 2 < 3\n')
    changed = [
        mutant.change.removeprefix('return x.min() + 2 < 3 -> return ')
        for mutant in tool.mutants_of('m.py')
    ]
    assert sorted(' '.join(each.split()) for each in changed) == sorted(
        [
            'x.min() + 3 < 3',
            'x.min() + 1 < 3',
            'x.min() + 2 < 4',
            'x.min() + 2 < 2',
            *(f'x.min() {sign} 2 < 3' for sign in '-*/'),
            *(
                f'x.min() + 2 {sign} 3'
                for sign in ('<=', '>', '>=', '==', '!=')
            ),
            'x.max() + 2 < 3',
        ]
    )
