"""What `pip install .` installs."""

import subprocess
import sys
from fnmatch import filter as matching
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope='module')
def packed(tmp_path_factory):
    """The names of the files of the wheel."""
    target = tmp_path_factory.mktemp('wheel')
    command = 'setup.py', '-q', 'build_py', '--build-lib', str(target)
    subprocess.run([sys.executable, *command], cwd=REPOSITORY, check=True)
    files = (file for file in target.rglob('*') if file.is_file())
    return [file.relative_to(target).as_posix() for file in files]


def test_the_default_model_lies_where_it_is_looked_for(packed):
    folder = 'dfa_mm/.mim/projects/default_model'
    assert f'{folder}/dfa_mm_default.py' in packed
    assert len(matching(packed, f'{folder}/dfa_mm_default-*.pth')) == 1


def test_the_garment_detector_can_be_imported(packed):
    folder = 'projects/garment_detector'
    for name in ('__init__', 'find', 'garment_detector'):
        assert f'{folder}/{name}.py' in packed
    assert matching(packed, f'{folder}/configs/*.py')
    assert len(matching(packed, f'{folder}/garment_detector-*.pth')) == 1


def test_the_commands_can_be_run(packed):
    for name in ('predict', 'arguments/predict', 'arguments/common'):
        assert f'projects/commands/{name}.py' in packed


def test_the_name_projects_stays_open_to_others(packed):
    assert 'projects/__init__.py' not in packed
    folders = {name.split('/')[1] for name in matching(packed, 'projects/*')}
    assert folders == {
        *('commands', 'garment_detector', 'synthfld', 'web_demo')
    }


def test_no_tests(packed):
    assert not matching(packed, '*/test_[!o]*.py')
    assert not matching(packed, '*conftest.py')
