"""What `pip install .` installs, and that it works from another folder."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from fnmatch import filter as matching
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
USE = """
import sys
import numpy as np
import dfa_mm
from mmpose.apis import inference_topdown
model = dfa_mm.load_default(device='cpu')
box = np.array([[10, 10, 90, 110]])
sample, = inference_topdown(model, np.full((120, 100, 3), 128, 'u1'), box)
print(dfa_mm.__file__)
print(sample.pred_instances.keypoints.shape)
"""


@pytest.fixture(scope='module')
def wheel(tmp_path_factory):
    """Built beside the repository, which stays as it is."""
    folder = tmp_path_factory.mktemp('wheel')
    command = [sys.executable, 'setup.py', '-q']
    command += ['egg_info', '--egg-base', str(folder)]
    command += ['build', '--build-base', str(folder / 'build')]
    command += ['bdist_wheel', '--dist-dir', str(folder)]
    command += ['--bdist-dir', str(folder / 'bdist')]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    return next(folder.glob('*.whl'))


@pytest.fixture(scope='module')
def packed(wheel):
    """The names of the files of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture
def environment(tmp_path, wheel):
    """Python of a new environment: the wheel, and what is here but dfa_mm."""
    venv.create(tmp_path / 'env', symlinks=True)
    libraries = sysconfig.get_path('purelib')
    own = next((tmp_path / 'env/lib').glob('python3*/site-packages'))
    # a folder of a .pth file adds itself, not what its .pth files add: the
    # checkout that is installed here stays out
    (own / 'libraries.pth').write_text(libraries)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(own)
    return tmp_path / 'env/bin/python'


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


def test_types_are_told_and_the_page_of_the_index_is_there(wheel, packed):
    assert 'dfa_mm/py.typed' in packed
    with zipfile.ZipFile(wheel) as archive:
        (name,) = matching(packed, '*.dist-info/METADATA')
        metadata = archive.read(name).decode()
    lines = metadata.splitlines()
    assert 'Requires-Python: >=3.10' in lines
    assert matching(lines, 'Project-URL: *')
    # what cannot be a requirement: see dfa_mm/installed.py
    required = {line.split()[1] for line in matching(lines, 'Requires-Dist:*')}
    assert not matching(required, 'mmcv*')
    assert not matching(required, 'mmpose*')
    assert not matching(required, 'opencv*')
    assert '# dfa_mm' in lines


@pytest.mark.slow
def test_the_wheel_works_from_another_folder(environment, tmp_path):
    done = subprocess.run(
        [environment, '-c', USE],
        cwd=tmp_path,
        env=dict(PATH='/usr/bin:/bin', OMP_NUM_THREADS='1'),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    used, shape = done.stdout.splitlines()[-2:]
    assert Path(used).is_relative_to(environment.parents[1])
    assert shape == '(1, 8, 2)'
