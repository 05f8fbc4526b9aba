"""The experiments on garments as they are called, on a drawn SynthFLD."""

import shutil
from pathlib import Path

import cv2
import pytest
from reproduction_files import read_json
from test_reproduce_tool import REPO, load

from projects.reproduction.garments import data, rows
from projects.reproduction.surroundings import variables

KEY = 'synthfld-smoke'


@pytest.fixture(scope='module')
def tool():
    return load(REPO / 'tools/reproduce.py')


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
    assert request.report_folder == tmp_path / 'w' / args.experiment / key
    # the report's own command says which data were meant
    name, _, scale = key.rpartition('-')
    assert request.command[2:] == [
        *(args.experiment, '--scale', scale, '--data', name)
    ]


def test_data_that_a_scale_does_not_have(tool, tmp_path, capsys):
    words = ['table2', '--scale', 'smoke', '--data', 'photos']
    assert tool.main([*words, '--work-dir', str(tmp_path)]) == 1
    assert "no data set 'photos'" in capsys.readouterr().err


def test_missing_data_are_named(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv('SYNTHFLD_ROOT', str(tmp_path / 'nowhere'))
    words = ['fig2', '--data', 'synthfld', '--work-dir', str(tmp_path)]
    assert tool.main(words) == 1
    assert 'Two ways on' in capsys.readouterr().err


@pytest.fixture(scope='module')
def work_dir(tmp_path_factory):
    """With a drawn data set, as it would be drawn by the first call."""
    folder = tmp_path_factory.mktemp('work')
    data.draw_smoke(folder / 'fld' / KEY, REPO)
    return folder


@pytest.fixture
def call(tool, work_dir, capfd):
    """Calls the tool and returns the path of the report."""

    def run(*words):
        place = ['--scale', 'smoke', '--work-dir', str(work_dir)]
        with variables(dict(OMP_NUM_THREADS='1')):
            code = tool.main([*words, *place, '--jobs', '2'])
        assert code == 0, capfd.readouterr().err[-3000:]
        report = work_dir / words[0] / KEY / 'report.md'
        assert str(work_dir) not in report.read_text()
        return report

    return run


def test_drawn_once(work_dir):
    folder = work_dir / 'fld' / KEY
    lists = folder / 'data/annotations/fld_all_test.json'
    before = lists.stat().st_mtime_ns
    made = data.draw_smoke(folder, work_dir)
    assert made == dict(SYNTHFLD_ROOT=f'fld/{KEY}/data')
    assert lists.stat().st_mtime_ns == before
    # elsewhere it has to be named from the root of the file system
    assert data.draw_smoke(folder, Path('/somewhere'))['SYNTHFLD_ROOT'] == str(
        folder / 'data'
    )


def test_fig2(call):
    report = call('fig2')
    text = report.read_text()
    # 43.4 % of 48, 80 % of 48
    assert '| upper | 21 | 43.8 | 43.4 |' in text
    assert '| train | 38 |' in text
    picture = cv2.imread(str(report.parent / 'shares.png'))
    assert picture is not None
    content = read_json(report.parent / 'report.json')
    assert sum(content['splits']['test']['clothes type'].values()) == 5


@pytest.mark.slow
def test_cascade_rows_and_pictures(call, work_dir):
    """Three trainings, shared by a table and two figures."""
    pytest.importorskip(
        'efficientnet_lite_pytorch', reason="the small scale's backbone"
    )
    montage = call('fig4')
    for stage in (1, 2, 3):
        name = f'clusters_stage{stage}.jpg'
        assert f']({name})' in montage.read_text()
        assert cv2.imread(str(montage.parent / name)) is not None
    clusters = read_json(montage.parent / 'report.json')['clusters']
    # the four batches of eight that the clusters were made from
    assert [sum(each['counts']) for each in clusters.values()] == [32] * 3

    logs = sorted(work_dir.rglob('train.log'))
    assert len(logs) == 3
    table = call('table2', '--rows', rows.DFA)
    assert sorted(work_dir.rglob('train.log')) == logs
    found = read_json(table.parent / 'report.json')['rows'][rows.DFA]
    assert found['seeds']['0']['cumulative']['image_passes'] == 96

    pictures = call('fig8', '--report-only')
    sheet = cv2.imread(str(pictures.parent / 'predictions.jpg'))
    # truth and the three stages beside each other
    assert sheet.shape[1] == 4 * 170 + 3 * 4
    assert cv2.imread(str(pictures.parent / 'routing.png')) is not None
    shutil.rmtree(pictures.parent)
    text = call('fig8', '--report-only', '--no-photographs').read_text()
    assert '## Predictions' not in text
    assert '](routing.png)' in text
    assert not (pictures.parent / 'predictions.jpg').exists()
