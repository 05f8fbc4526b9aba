import os
import signal

import pytest
from tiny_training import training_config, write_annotations

from dfa_mm.engine.locks import LOCK_FILE, FolderInUseError, locked
from dfa_mm.engine.training import train_stage


@pytest.fixture
def used(tmp_path):
    """A folder that another process locks; and that process."""
    (tmp_path / 'run').mkdir()
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        with locked(str(tmp_path / 'run')):
            os.write(write, b'.')
            signal.pause()
    os.read(read, 1)
    yield tmp_path / 'run', process
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def test_a_second_training_in_a_folder_is_refused(used):
    folder, _ = used
    write_annotations(folder / 'data')
    cfg = training_config(folder, folder / 'data', 1)
    with pytest.raises(FolderInUseError, match=f'running in {folder}: wait'):
        train_stage(cfg, 1)
    assert not [*folder.glob('*.pth')]


def test_a_killed_training_leaves_no_lock(tmp_path):
    process = os.fork()
    if process == 0:
        with locked(str(tmp_path)):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)
    assert (tmp_path / LOCK_FILE).exists()
    with locked(str(tmp_path)):
        pass


def test_its_workers_do_not_hold_it(tmp_path):
    with locked(str(tmp_path)):
        worker = os.fork()
        if worker == 0:
            signal.pause()
    other = os.fork()
    if other == 0:
        with locked(str(tmp_path)):
            os._exit(7)
    _, status = os.waitpid(other, 0)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert os.waitstatus_to_exitcode(status) == 7
