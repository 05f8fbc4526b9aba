"""tools/train.py as it is called, on a handful of drawn garments."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from drawn_fld import write_drawn_fld

from dfa_mm.datasets.fld_coco import convert

REPO = Path(__file__).parents[2]
SPLITS = ('train', 'val', 'test')
TINY = [
    'train_cfg.max_epochs=1',
    'model.backbone.init_cfg=None',
    'train_dataloader.batch_size=8',
    *(f'{split}_dataloader.num_workers=0' for split in SPLITS),
    *(f'{split}_dataloader.persistent_workers=False' for split in SPLITS),
    *(f'model.stages.{i}.pseudo_label.num_clusters=4' for i in range(3)),
]


def call(*arguments, root, tool='tools/train.py'):
    return subprocess.run(
        [
            *(sys.executable, '-W', 'ignore', tool),
            *('configs/dfa_synthfld_stage3.py', *map(str, arguments)),
        ],
        cwd=REPO,
        env=dict(
            os.environ,
            SYNTHFLD_ROOT=str(root),
            PYTHONPATH=str(REPO),
            OMP_NUM_THREADS='1',
        ),
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp('fld')
    write_drawn_fld(root, 40, size=96)
    convert(root, root / 'annotations')
    return root


@pytest.fixture(scope='module')
def trained(root, tmp_path_factory):
    """Folder of stage 3 and what was printed."""
    work_dir = tmp_path_factory.mktemp('work') / 'tiny_stage3'
    done = call('--work-dir', work_dir, '--cfg-options', *TINY, root=root)
    assert done.returncode == 0, done.stderr[-3000:]
    return work_dir, done.stdout + done.stderr


def checkpoints(work_dir):
    return {
        path: path.stat().st_mtime_ns
        for path in sorted(work_dir.parent.rglob('*.pth'))
    }


@pytest.mark.slow
def test_one_call_trains_all_three_stages(trained):
    work_dir, printed = trained
    folders = {path.parent.name for path in checkpoints(work_dir)}
    assert folders == {'tiny_stage1', 'tiny_stage2', 'tiny_stage3'}
    for stage in (1, 2, 3):
        assert f'stage {stage} of 3' in printed
    # tens of lines; the rest is in the log
    assert len(printed.splitlines()) < 100
    assert 'Warning' not in printed
    logs = [path.read_text() for path in work_dir.glob('*/*.log')]
    assert any('routing threshold' in log for log in logs)


@pytest.mark.slow
def test_results_are_written(trained):
    work_dir, _ = trained
    results = json.loads((work_dir / 'results.json').read_text())
    assert set(results['metrics']) >= {'NE', 'PDL', 'visibility'}
    assert 'num_clusters=4' in results['config']['text']
    assert results['checkpoint'] == str(work_dir / 'epoch_1.pth')
    picture = cv2.imread(str(work_dir / 'predictions.png'))
    # three panels of 200 px per sample
    assert picture.shape[1] > 3 * 200
    assert picture.std() > 10


@pytest.mark.slow
def test_second_call_reuses_the_finished_stages(trained, root):
    work_dir, _ = trained
    before = checkpoints(work_dir)
    (work_dir / 'results.json').unlink()
    done = call('--work-dir', work_dir, '--cfg-options', *TINY, root=root)
    assert done.returncode == 0, done.stderr[-3000:]
    assert 'is finished' in done.stderr
    assert checkpoints(work_dir) == before
    assert (work_dir / 'results.json').exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ('option', 'sides'),
    [
        (
            'model.stages.0.pseudo_label.temperature=5',
            'model.stages.0.pseudo_label.temperature is 20.0 there, 5 here',
        ),
        ('train_dataloader.batch_size=4', 'data.batch_size is 8 there, 4 her'),
    ],
)
def test_finished_stages_of_another_run_end_it_in_one_line(
    trained, root, option, sides
):
    work_dir, _ = trained
    before = checkpoints(work_dir)
    done = call(
        '--work-dir', work_dir, '--cfg-options', *TINY, option, root=root
    )
    assert done.returncode == 2
    assert 'Traceback' not in done.stderr
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f'error: {work_dir} holds another ')
    assert sides in message
    assert checkpoints(work_dir) == before


@pytest.mark.slow
def test_a_wrong_checkpoint_to_resume_is_refused_before_anything_is_trained(
    trained, root, tmp_path
):
    stage_one = trained[0].with_name('tiny_stage1') / 'epoch_1.pth'
    done = call(
        *('--work-dir', tmp_path / 'stage3', '--resume', stage_one),
        *('--cfg-options', *TINY),
        root=root,
    )
    assert done.returncode == 2
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f'error: {stage_one} holds another ')
    assert not [*tmp_path.iterdir()]


@pytest.mark.slow
def test_missing_data_ends_at_once_and_names_both_ways_on(tmp_path):
    done = call('--work-dir', tmp_path / 'work', root=tmp_path / 'nowhere')
    assert done.returncode == 2
    assert 'Traceback' not in done.stderr
    assert 'FLD_ROOT' in done.stderr
    assert 'dfa convert synth' in done.stderr
    assert not (tmp_path / 'work').exists()


@pytest.mark.slow
def test_pseudo_labels_of_the_trained_cascade(trained, root, tmp_path):
    work_dir, _ = trained
    done = call(
        *(work_dir / 'epoch_1.pth', '--out', tmp_path / 'labels.json'),
        *('--cfg-options', *TINY),
        root=root,
        tool='tools/analysis/pseudo_labels.py',
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads((tmp_path / 'labels.json').read_text())
    for stage in report['stages'].values():
        # hotter labels are softer and larger
        for key in ('temperature', 'entropy', 'largest'):
            values = [row[key] for row in stage['softness']]
            assert values == sorted(values)
        assert stage['softness'][-1]['entropy'] <= stage['maximum_entropy']
        # 32 garments to train on, in batches of 8, and four clusters
        assert len(stage['training_samples']) == 4
        assert 0 < sum(stage['training_samples']) <= 32
    assert set(report['routing']['rank_correlation']) == {
        'as printed',
        'normalised',
    }
