"""tools/reproduce.py as it is called."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from reproduction_files import read_json

REPO = Path(__file__).parents[3]
KEY = 'synthfld-smoke'


@pytest.fixture(scope='module')
def tool():
    path = REPO / 'tools/reproduce.py'
    spec = importlib.util.spec_from_file_location('own_reproduce', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_command_of_the_report_has_what_changes_a_number(tool):
    words = (
        'table4 --jobs 2 --seeds 0 1 --rows dfa --work-dir /x --scale smoke'
    )
    args = tool.parse_args([*words.split(), '--cfg-options', 'a.b=c=d'])
    assert tool.report_command(args) == [
        *('python', 'tools/reproduce.py', 'table4', '--scale', 'smoke'),
        *('--seeds', '0', '1', '--cfg-options', 'a.b=c=d'),
    ]


@pytest.mark.parametrize(
    ('words', 'message'),
    [
        (['--cfg-options', 'lr'], "'lr' is not KEY=VALUE"),
        (['--jobs', '0'], '--jobs is 0'),
        (['--scale', 'large'], 'smoke'),
    ],
)
def test_wrong_words_are_named(tool, capsys, words, message):
    with pytest.raises(SystemExit):
        tool.parse_args(['table4', *words])
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ('words', 'message'),
    [
        ('table4 --rows fda', "no row 'fda'"),
        ('table2 --scale smoke --data photos', "no data set 'photos'"),
        ('fig2 --data synthfld', 'dfa convert synth'),
        ('sources --rows drawn', 'SYNTHFLD_ROOT='),
    ],
)
def test_what_cannot_be_done_is_told(
    tool, tmp_path, monkeypatch, capsys, words, message
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('SYNTHFLD_ROOT', str(tmp_path / 'nowhere'))
    monkeypatch.setenv('FLD_ROOT', 'restored after the test')
    assert tool.main([*words.split(), '--work-dir', str(tmp_path)]) == 1
    # in a frame that breaks lines
    told = ' '.join(capsys.readouterr().err.replace('│', '').split())
    assert message in told
    assert not list(tmp_path.rglob('train.log'))


@pytest.mark.parametrize(
    ('words', 'key'),
    [
        ('table2', 'photos-small'),
        ('fig5 --data fld', 'fld-small'),
        ('cost --scale paper', 'fld-paper'),
        ('fig2 --scale smoke --data synthfld', KEY),
    ],
)
def test_data_and_scale(tool, tmp_path, monkeypatch, words, key):
    monkeypatch.chdir(tmp_path)
    args = tool.parse_args([*words.split(), '--work-dir', 'w'])
    request = tool.make_request(args)
    assert request.scale == key
    assert request.folder == tmp_path / 'w/fld' / key
    # the report's own command says which data were meant
    name, _, scale = key.rpartition('-')
    assert request.command[2:] == [
        *(args.experiment, '--scale', scale, '--data', name)
    ]


def call(work_dir, *words):
    done = subprocess.run(
        [
            *(sys.executable, '-W', 'ignore', 'tools/reproduce.py', *words),
            *('--scale', 'smoke', '--work-dir', str(work_dir), '--jobs', '2'),
        ],
        cwd=REPO,
        env=dict(os.environ, OMP_NUM_THREADS='1', PYTHONPATH=str(REPO)),
        capture_output=True,
        text=True,
    )
    report = work_dir / words[0] / KEY / 'report.md'
    if done.returncode == 0:
        assert str(work_dir) not in report.read_text()
    return done, report


@pytest.mark.slow
def test_two_rows_are_trained_reported_and_reused(tmp_path):
    """A parent and its child, four iterations each."""
    pytest.importorskip(
        'efficientnet_lite_pytorch', reason="the small scale's backbone"
    )
    rows = ['--rows', 'stage2_direct']
    done, report = call(tmp_path, 'table2', *rows)
    assert done.returncode == 0, done.stderr[-3000:]
    text = report.read_text()
    assert '- `stage3_contextual`, seed 0: not finished' in text
    assert '`stage2_direct`, seed 0: not' not in text
    found = read_json(report.parent / 'report.json')['rows']
    run = found['stage2_direct']['seeds']['0']
    assert 0 < run['numbers']['NE box'] < 2
    assert run['training']['iterations'] == 4
    assert run['training']['seconds'] > 0
    # 32 pictures each
    assert run['cumulative']['image_passes'] == 64
    logs = {path: path.stat().st_size for path in tmp_path.rglob('train.log')}
    assert len(logs) == 2
    # another option is another run
    other = ['--cfg-options', 'train_cfg.max_epochs=2']
    done, _ = call(tmp_path, 'table2', *rows, *other)
    assert done.returncode == 1
    assert 'max_epochs is 1 there, 2' in ' '.join(done.stderr.split())
    assert {path: path.stat().st_size for path in logs} == logs
    # what needs no training, on the same drawn garments
    done, report = call(tmp_path, 'fig2')
    assert done.returncode == 0, done.stderr[-3000:]
    # 80 % of 48
    assert ['train', '38'] in [
        line.replace('|', ' ').split()
        for line in report.read_text().split('\n')
    ]
    assert cv2.imread(str(report.parent / 'shares.png')) is not None
