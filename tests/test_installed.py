"""What is missing is said in one line, with the command that helps."""

import re
from importlib import metadata
from pathlib import Path

import pytest

from dfa_mm import installed
from projects.commands import dfa

OPENMMLAB = Path(__file__).parents[1] / 'requirements/openmmlab.txt'


@pytest.fixture
def missing(monkeypatch):
    """Makes ``check`` miss modules and requirements, and answers its words."""
    real = installed.find_spec

    def run(*modules, requirements=()):
        monkeypatch.setattr(
            installed,
            'find_spec',
            lambda name: None if name in modules else real(name),
        )
        monkeypatch.setattr(
            installed, 'requires', lambda name: list(requirements)
        )
        with pytest.raises(installed.NotInstalledError) as error:
            installed.check()
        return str(error.value)

    return run


def test_nothing_is_missing_here():
    installed.check()


def test_the_command_brings_what_is_missing_and_nothing_else(missing):
    assert missing('mmpose') == (
        'dfa_mm needs mmpose. Run: pip install --no-deps mmpose==1.3.2'
    )
    # a full mmcv or a headless OpenCV answers to the same name: left alone
    assert missing('mmcv', 'mmpose') == (
        'dfa_mm needs mmcv, mmpose. '
        'Run: pip install --no-deps mmcv-lite==2.1.0 mmpose==1.3.2'
    )


def test_a_missing_requirement_comes_with_what_it_needs(missing):
    said = missing(
        'mmpose',
        requirements=('torch>=2.6', 'no-such<2', "other; extra == 'test'"),
    )
    assert said == (
        "dfa_mm needs no-such, mmpose. Run: pip install 'no-such<2' "
        '&& pip install --no-deps mmpose==1.3.2'
    )


def test_it_can_be_used_from_its_folder(monkeypatch):
    def not_installed(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(installed, 'requires', not_installed)
    installed.check()


def test_it_names_the_pins_that_are_tested():
    lines = OPENMMLAB.read_text().splitlines()
    pins = {line.split()[0] for line in lines if re.match(r'\w', line)}
    assert set(installed.WITHOUT_DEPENDENCIES.values()) == pins


def test_a_command_says_it_in_one_line(monkeypatch, capsys):
    def not_importable(name):
        if name == 'errors':
            raise installed.NotInstalledError('dfa_mm needs mmpose. Run: ...')

    monkeypatch.setattr(dfa, 'body_of', not_importable)
    assert dfa.main(['config', 'a.py']) == 2
    assert capsys.readouterr().err == 'error: dfa_mm needs mmpose. Run: ...\n'


@pytest.mark.parametrize('version', ['1.13.1', '2.5.1+cu124'])
def test_a_torch_that_runs_hidden_code_is_refused(monkeypatch, version):
    monkeypatch.setattr(installed, 'version', lambda name: version)
    with pytest.raises(installed.NotInstalledError, match='torch>=2.6'):
        installed.check()


@pytest.mark.parametrize('version', ['2.6.0', '2.11.0+cpu', '3.0.0a1'])
def test_later_ones_are_not(monkeypatch, version):
    monkeypatch.setattr(installed, 'version', lambda name: version)
    installed.check()
