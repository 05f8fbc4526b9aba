"""tools/reproduce.py as it is called, on a drawn Leeds Sports Pose."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from reproduction_files import read_json

from dfa_mm.datasets.lsp_coco import convert
from projects.reproduction import table4
from projects.reproduction.run import make_runs

REPO = Path(__file__).parents[3]


def load(path):
    """A script, or a helper of other tests, as a module."""
    spec = importlib.util.spec_from_file_location(f'own_{path.stem}', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope='module')
def tool():
    return load(REPO / 'tools/reproduce.py')


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


def test_unknown_row_is_named(tool, tmp_path, capsys):
    words = ['table4', '--rows', 'fda', '--work-dir', str(tmp_path)]
    assert tool.main(words) == 1
    assert "no row 'fda'" in capsys.readouterr().err


@pytest.mark.parametrize('name', ['smoke', 'small', 'paper'])
def test_rows_are_what_they_are_called(name, tmp_path):
    runs = make_runs(table4.EXPERIMENT.scales[name], [5], tmp_path, REPO)
    settings = {run.row.name: run.settings for run in runs}
    ladder = {
        row: (
            found['model.num_stages'],
            found['model.routing'],
            found.get('model.stages.0.pseudo_label.space'),
        )
        for row, found in settings.items()
        if found['model.type'] == 'RoutingTopdownPoseEstimator'
    }
    rungs = dict(
        direct=(1, 'route', None),
        stage1=(1, 'route', 'absolute'),
        stage2=(2, 'route', 'absolute'),
        two_branch=(3, 'average', 'absolute'),
        dfa=(3, 'route', 'absolute'),
    )
    assert ladder == {
        **rungs,
        **{f'local_{rung}': found for rung, found in rungs.items()},
        **{f'maps_{rung}': found for rung, found in rungs.items()},
        'maps_single': rungs['direct'],
    }
    with_maps = {
        r for r, s in settings.items() if 'model.head.maps.channels' in s
    }
    assert with_maps == {f'maps_{rung}' for rung in (*rungs, 'single')}
    heads = {
        row: found['model.head.type']
        for row, found in settings.items()
        if row not in ladder
    }
    assert heads == dict(
        regression='RegressionHead', rle='RLEHead', heatmap='HeatmapHead'
    )
    assert {found['randomness.seed'] for found in settings.values()} == {5}


def call(root, work_dir, *words):
    return subprocess.run(
        [
            *(sys.executable, '-W', 'ignore', 'tools/reproduce.py', 'table4'),
            *('--scale', 'smoke', '--work-dir', str(work_dir), *words),
        ],
        cwd=REPO,
        env=dict(os.environ, LSP_ROOT=str(root), OMP_NUM_THREADS='1'),
        capture_output=True,
        text=True,
    )


@pytest.fixture
def root(tmp_path):
    drawing = load(REPO / 'tests/helpers/lsp_files.py')
    root = drawing.write_lsp(tmp_path / 'lsp')
    convert(root, root / 'annotations')
    return root


@pytest.mark.slow
def test_smoke_trains_reports_and_reuses(root, tmp_path):
    pytest.importorskip(
        'efficientnet_lite_pytorch', reason="the small scale's backbone"
    )
    work_dir = tmp_path / 'work'
    rows = ['--rows', 'heatmap', 'maps_two_branch']
    done = call(root, work_dir, '--jobs', '2', *rows)
    assert done.returncode == 0, done.stderr[-3000:]
    check_report(work_dir)
    logs = {path: path.stat().st_size for path in work_dir.rglob('train.log')}
    assert len(logs) == 4
    done = call(root, work_dir, *rows)
    assert done.returncode == 0, done.stderr[-3000:]
    assert {path: path.stat().st_size for path in logs} == logs
    longer = ['--cfg-options', 'train_cfg.max_epochs=2']
    other = call(root, work_dir, *rows, *longer)
    assert other.returncode == 1
    assert 'train_cfg.max_epochs: 1 there, 2 here' in other.stderr


def check_report(work_dir):
    folder = work_dir / 'table4/smoke'
    text = (folder / 'report.md').read_text()
    assert '- `dfa`, seed 0: not finished' in text
    assert '- `maps_stage2`' not in text
    assert str(work_dir) not in text
    rows = read_json(folder / 'report.json')['rows']
    runs = {
        name: row['seeds']['0'] for name, row in rows.items() if row['seeds']
    }
    # 32 images in batches of 8
    assert {run['training']['iterations'] for run in runs.values()} == {4}
    assert all(run['training']['seconds'] > 0 for run in runs.values())
    passes = {
        name: run['cumulative']['image_passes'] for name, run in runs.items()
    }
    # both of the averaged branches see every image
    assert passes == dict(
        heatmap=32, maps_stage1=32, maps_stage2=64, maps_two_branch=128
    )
