"""What a user can get wrong: one line, exit status 2, no traceback."""

import sys
from pathlib import Path

import pytest
import torch

from dfa_mm.apis import InputError
from dfa_mm.engine.hooks import DivergedError
from dfa_mm.engine.training import DiskFullError
from projects.commands import errors, main

ROOT = Path(__file__).parents[3]
CONFIG = str(ROOT / 'configs/dfa_synthfld_stage3.py')
MMPOSE = 'projects/reproduction/configs/fld_heatmap_efficientnet-lite0.py'


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Runs a command in a folder without data; status and what it told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('OMP_NUM_THREADS', '1')
    monkeypatch.setenv('LOCAL_RANK', '0')
    monkeypatch.delenv('SYNTHFLD_ROOT', raising=False)
    Path('nomodel.py').write_text('a = 1\n')
    # which MMEngine puts off
    Path('imports.py').write_text('import nowhere\nmodel = dict(type="A")\n')
    Path('junk.pth').write_text('junk')
    torch.save(dict(weight=torch.ones(1)), 'other.pth')
    Path('afolder').mkdir()

    def call(*arguments):
        try:
            status = main([*map(str, arguments)])
        except SystemExit as ended:
            status = ended.code
        return status, capsys.readouterr().err

    return call


@pytest.mark.parametrize(
    ('command', 'told'),
    [
        (['train', 'no.py'], 'there is no config no.py'),
        (['train', 'afolder'], 'afolder is a folder'),
        (['train', 'junk.pth'], 'is a checkpoint in the place of a config'),
        (['train', 'nomodel.py'], 'no config of a model: it has no `model`'),
        (['train', CONFIG, '--stage', '9'], 'the config has stages 1 to 3'),
        (['train', CONFIG, '--cfg-options', 'seed=3'], "knows no 'seed'"),
        (['train', CONFIG, '--launcher', 'pytroch'], 'is it pytorch?'),
        (['train', CONFIG, '--work-dri', 'x'], 'is it --work-dir?'),
        (['train', CONFIG, '--threads', '0'], '0, expected 1 or more'),
        (['train', CONFIG, '--work-dir', ''], 'it is empty, expected a path'),
        (['train', CONFIG, '--resume', ''], 'it is empty, expected a path'),
        (['train', 'imports.py'], "No module named 'nowhere'"),
        (
            [
                *('train', CONFIG, '--cfg-options'),
                'train_dataloader.dataset.subset=Upper',
            ],
            "train_dataloader.dataset.subset is 'Upper', expected 'upper' or",
        ),
        (['test', 'junk.pth', CONFIG], 'the order is CONFIG CHECKPOINT'),
        (['test', CONFIG], 'arguments are required: checkpoint'),
        (['test', CONFIG, CONFIG], 'is a config in the place of a checkpoint'),
        (['test', CONFIG, 'afolder'], 'afolder is a folder'),
        (['test', CONFIG, 'no.pth'], 'there is no checkpoint no.pth'),
        (['config', 'no.py'], 'there is no config no.py'),
        (['config', CONFIG, '--cfg-options', 'a'], 'expected KEY=VALUE'),
        (['config', CONFIG, '--cfg-options', 'x.y=1'], "knows no 'x'"),
        (['browse', 'nomodel.py'], 'no train_dataloader: choose another'),
        (['browse', CONFIG, '--split', 'tset'], 'is it test?'),
        (['browse', CONFIG], 'annotations/fld_all_train.json does not exist'),
        (['publish', 'no.pth', 'x'], 'there is no checkpoint no.pth'),
        (['publish', 'junk.pth', 'x'], 'junk.pth'),
        (['publish', 'other.pth', 'x'], 'other.pth'),
        (['convert', 'fld', 'nowhere'], 'nowhere'),
        (['convert', 'lsp', 'nowhere'], 'nowhere'),
        (['predict', 'no.jpg'], 'no.jpg'),
        (['video', 'no.mp4'], 'no.mp4'),
        (['nothing'], "invalid choice: 'nothing'"),
        (['tarin', CONFIG], 'is it train?'),
    ],
)
def test_a_mistake_is_told_and_ends_in_status_2(call, command, told):
    status, err = call(*command)
    assert status == 2
    assert told in err
    assert 'Traceback' not in err
    first = err.splitlines()[0]
    assert first.startswith('error: ')
    assert told in first


def test_missing_data_of_every_split_is_told_before_training(call, tmp_path):
    status, err = call('train', CONFIG)
    assert status == 2
    data, weights = err.splitlines()
    for split in ('train', 'val', 'test'):
        assert f'data/synthfld/annotations/fld_all_{split}.json' in data
    command = 'dfa convert synth data/synthfld --num 3000 && dfa convert fld'
    assert command in data
    assert 'get_pretrained.py data/weights' in weights
    assert not Path('work_dirs').exists()


def test_the_remedy_that_is_told_works(call, monkeypatch):
    """As it is told, with fewer garments."""
    _, err = call('browse', CONFIG)
    words = err.split('Draw garments: ')[1].split('. Or')[0].split()
    assert words[:2] == ['dfa', 'convert']
    first, second = ' '.join(words).replace('3000', '8').split(' && ')
    for command in (first, second):
        assert call(*command.split()[1:])[0] == 0
    assert call('browse', CONFIG, '--num', '1')[0] == 0


def test_lists_that_are_there_need_only_be_converted(call):
    Path('data/synthfld/Anno').mkdir(parents=True)
    _, err = call('browse', CONFIG)
    assert 'Make it of the lists: dfa convert fld data/synthfld' in err


def failing(error):
    def run():
        raise error

    return errors.exit_status(run)


def test_a_fault_is_one_line_and_its_traceback_is_kept(capsys, monkeypatch):
    assert failing(ZeroDivisionError('by\nzero')) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('error: unexpected ZeroDivisionError: by zero;')
    kept = Path(line.rpartition(' ')[2])
    assert 'Traceback' in kept.read_text()
    kept.unlink()


def test_other_ends(capsys):
    assert failing(InputError('no such box')) == 2
    assert failing(DivergedError('not finite')) == 1
    assert failing(KeyboardInterrupt()) == 130
    told = capsys.readouterr().err.splitlines()
    assert told == ['error: no such box', 'error: not finite', 'stopped']


def test_files_of_the_system_are_named(capsys):
    error = PermissionError(13, 'Permission denied', 'a/b.png')
    assert failing(error) == 2
    assert capsys.readouterr().err == 'error: a/b.png: Permission denied\n'


def test_what_a_reading_process_says_is_told_in_its_words(capsys):
    text = (
        'Caught InputError in DataLoader worker process 0.\nOriginal '
        'Traceback (most recent call last):\n  File "x.py", line 1, in y\n'
        'dfa_mm.errors.InputError: a.jpg is half a picture\n'
    )
    assert failing(InputError(text)) == 2
    assert capsys.readouterr().err == 'error: a.jpg is half a picture\n'


def test_a_library_that_is_missing_is_named(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, 'projects.commands.config', None)
    assert main(['config', CONFIG]) == 1
    told = capsys.readouterr().err
    assert 'unexpected ModuleNotFoundError: import of projects.com' in told
    Path(told.split()[-1]).unlink()


def test_a_full_disk_is_no_mistake_but_a_failure(capsys):
    def full():
        raise DiskFullError('No space left on device: x could not be written')

    assert errors.exit_status(full) == 1
    assert capsys.readouterr().err.startswith('error: No space left on device')


def test_an_error_of_no_file_is_told_without_one(capsys):
    def full():
        raise OSError(28, 'No space left on device')

    assert errors.exit_status(full) == 1
    assert 'None' not in capsys.readouterr().err


@pytest.mark.parametrize(
    ('options', 'told'),
    [
        (['--out', 'afolder'], 'afolder is a folder; give the name'),
        (['--out', 'junk.pth/a.json'], 'junk.pth: File exists'),
        (['--picture', 'a.xyz'], '--picture a.xyz: expected a name in .png'),
        (['--dump', 'junk.pth/a.pkl'], 'junk.pth: File exists'),
        (['--show-dir', 'junk.pth'], 'junk.pth: File exists'),
    ],
)
def test_results_that_cannot_be_written_are_told_before(
    call, monkeypatch, options, told
):
    monkeypatch.setattr('projects.commands.test.check_test_files', id)
    status, said = call('test', CONFIG, 'other.pth', *options)
    assert status == 2
    assert len(said.splitlines()) == 1
    assert told in said
