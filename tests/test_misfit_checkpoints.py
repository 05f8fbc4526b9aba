"""Every way in refuses every file that is no checkpoint of the model.

In one line that names the file and both sides, before anything is predicted,
trained or written. Minutes for every way with every file:

    EVERY_MISFIT=1 python -m pytest tests/test_misfit_checkpoints.py -q
"""

import os
import sys
from argparse import Namespace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from demo_files import load_script
from misfits import FILES, WEIGHTS
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmpose.apis import MMPoseInferencer, inference_topdown, init_model
from tiny_cascade import _model, cascade_config
from tiny_training import training_config, write_annotations

from dfa_mm.apis import LandmarkInferencer, load_model
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.engine.identity import identity
from dfa_mm.engine.training import train_stage
from projects.commands import run_alone

PIPELINE = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=(16, 16)),
    dict(type='PackLandmarkInputs'),
]
PICTURE = np.zeros((24, 16, 3), np.uint8)


@pytest.fixture(scope='module')
def files(tmp_path_factory):
    """Config, data and picture of the tiny cascade."""
    root = tmp_path_factory.mktemp('tiny')
    write_annotations(root)
    cv2.imwrite(str(root / 'a.png'), PICTURE)
    preprocessor = dict(type='PoseDataPreprocessor')
    dataset = dict(
        type='FLDDataset',
        subset='lower',
        data_root=str(root),
        ann_file='train.json',
        data_mode='topdown',
        pipeline=PIPELINE,
    )
    loader = dict(dataset=dataset, batch_size=1, num_workers=0)
    metrics = [dict(type='NormalizedError')]
    cfg = Config(
        dict(
            default_scope='mmpose',
            model=cascade_config(data_preprocessor=preprocessor),
            test_dataloader=loader,
            val_dataloader=loader,
            test_cfg=dict(),
            val_cfg=dict(),
            test_evaluator=metrics,
            val_evaluator=metrics,
            default_hooks=dict(
                visualization=dict(type='PoseVisualizationHook')
            ),
        )
    )
    cfg.dump(root / 'config.py')
    return Namespace(
        root=root, config=str(root / 'config.py'), picture=str(root / 'a.png')
    )


def of_training(files, stages=3, **options):
    return training_config(files.root / 'work', files.root, stages, **options)


def infer(files, path):
    inferencer = MMPoseInferencer(
        pose2d=files.config,
        pose2d_weights=path,
        det_model='whole_image',
        device='cpu',
    )
    list(inferencer(PICTURE))


def infer_landmarks(files, path):
    inferencer = LandmarkInferencer(files.config, path, 'cpu')
    list(inferencer(PICTURE))


def ask(files, path):
    inference_topdown(init_model(files.config, path, 'cpu'), PICTURE)


def start(files, path):
    train_stage(of_training(files, load_from=path), 3)


def resume(files, path):
    train_stage(of_training(files), 3, path)


def pretrain(files, path):
    backbone = dict(init_cfg=dict(type='Pretrained', checkpoint=path))
    train_stage(of_training(files, 1, **{'model.backbone': backbone}), 1)


def calibrate(files, path):
    tool = load_script('tools/analysis/calibrate_visibility.py')
    tool.main([files.config, path, '--out', str(files.root / 'out.pth')])


def command(*arguments):
    def run(files, path):
        name, *rest = (
            each.format(**vars(files), path=path) for each in arguments
        )
        status = run_alone(name, rest)
        if status:
            sys.exit(status)

    return run


TEST = ('test', '{config}', '{path}', '--out', '{root}/out.json')
PREDICT = ('predict', '{picture}', '{config}', '{path}', '--whole')
WAYS_IN = {
    'load_model': lambda files, path: load_model(files.config, path),
    'init_model': ask,
    'MMPoseInferencer': infer,
    'LandmarkInferencer': infer_landmarks,
    'dfa predict': command(*PREDICT, '--out-dir', '{root}/out'),
    'dfa test': command(*TEST, '--work-dir', '{root}/test'),
    'dfa publish': command('publish', '{path}', '{root}/out.pth'),
    'calibrate_visibility.py': calibrate,
    'load_from': start,
    'resume': resume,
    'init_cfg': pretrain,
}
# of these a part is enough, or the model is not known
ALRIGHT = {
    'load_from': ['without router'],
    'init_cfg': WEIGHTS,
    'dfa publish': WEIGHTS,
}


EVERY = bool(os.getenv('EVERY_MISFIT'))
FEW = {
    *('random bytes', 'folder', 'code', 'numbers'),
    *('other landmarks', 'one stage', 'detector', 'NaN'),
}


def tried(kinds, skipped=None):
    """Ways in and kinds of files; all of these for ``load_model`` alone."""
    return [
        pytest.param(way, kind, id=f'{way}-{kind}')
        for way in WAYS_IN
        for kind in kinds
        if (EVERY or way == 'load_model' or kind in FEW)
        and kind not in (skipped or {}).get(way, ())
    ]


def refusal(way, files, path, capsys):
    """The line with which a way in refuses a file."""
    MMLogger._instance_dict.clear()  # they write to the last test's stdout
    before = {*files.root.rglob('*')}
    with pytest.raises((CheckpointMismatchError, SystemExit)) as info:
        WAYS_IN[way](files, str(path))
    printed = capsys.readouterr()
    if isinstance(info.value, SystemExit):
        assert info.value.code  # a status, or the line itself
        said = [str(info.value.code), *printed.err.splitlines()]
        (message,) = [line for line in said if line.startswith('error: ')]
    else:
        message = str(info.value)
        assert info.value.__suppress_context__ or not info.value.__context__
    assert '\n' not in message
    assert len(message) < 700
    for text in (message, printed.out, printed.err):
        assert 'weights_only' not in text
        assert 'Traceback' not in text
    new = {*files.root.rglob('*')} - before
    assert not [p for p in new if p.suffix in ('.pth', '.json', '.png')]
    return message


@pytest.mark.parametrize(('way', 'kind'), tried(FILES))
def test_no_checkpoint(way, kind, files, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / 'x.pth'
    FILES[kind](path)
    message = refusal(way, files, path, capsys)
    # a command says it before it starts
    words = 'is a folder', 'is no checkpoint: it '
    assert any(f'{path} {each}' in message for each in words)
    assert not Path('victim').exists()


@pytest.mark.parametrize(('way', 'kind'), tried(WEIGHTS, ALRIGHT))
def test_of_another_model(way, kind, files, tmp_path, capsys):
    path = tmp_path / 'x.pth'
    torch.save(dict(state_dict=WEIGHTS[kind]()), path)
    message = refusal(way, files, path, capsys)
    told = ('there', 'diverged', 'does not say', 'is no checkpoint')
    assert any(each in message for each in told)
    if way not in ('init_model', 'MMPoseInferencer'):  # MMPose's own
        assert str(path) in message


FITS = {
    'as it is': lambda state: state,
    'float16': lambda state: {
        k: v.half() if v.is_floating_point() else v for k, v in state.items()
    },
    'bfloat16': lambda state: {
        k: v.bfloat16() if v.is_floating_point() else v
        for k, v in state.items()
    },
    'distributed': lambda state: {f'module.{k}': v for k, v in state.items()},
    'more than that': lambda state: {**state, 'other': torch.zeros(2)},
}


@pytest.mark.parametrize('kind', FITS)
@pytest.mark.parametrize('way', ['load_model', 'init_model', 'load_from'])
def test_what_fits_is_taken(way, kind, files, tmp_path):
    path = tmp_path / 'x.pth'
    torch.save(dict(state_dict=FITS[kind](_model().state_dict())), path)
    if way == 'load_from':
        cfg = of_training(files, load_from=str(path))
        cfg.work_dir = str(tmp_path / 'work')
        train_stage(cfg, 3)
    else:
        WAYS_IN[way](files, str(path))


def test_resumed_run_of_which_a_tensor_is_gone(files, tmp_path, capsys):
    state = _model(1).state_dict()
    state.pop('stages.0.branches.0.head.fc7.weight')
    cfg = of_training(files, 1)
    content = dict(
        state_dict=state,
        meta=dict(identity=identity(cfg), epoch=1, iter=3),
        optimizer={},
    )
    torch.save(content, tmp_path / 'x.pth')
    with pytest.raises(CheckpointMismatchError, match='head.fc7.weight the f'):
        train_stage(cfg, 1, str(tmp_path / 'x.pth'))
