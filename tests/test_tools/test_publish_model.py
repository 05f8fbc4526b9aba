"""Published checkpoints of a cascade with a backbone of one convolution."""

import hashlib
import re

import numpy as np
import pytest
import torch
from demo_files import load_script
from mmengine.config import Config
from mmengine.logging.history_buffer import HistoryBuffer
from mmengine.structures import InstanceData
from mmpose.apis import inference_topdown, init_model
from mmpose.registry import VISUALIZERS
from mmpose.structures import PoseDataSample

import dfa_mm
from dfa_mm.structures import FLD_SETS
from projects.commands import publish as body

NAME = re.compile(r'small-([0-9a-f]{8})_\d{8}\.pth')
META = FLD_SETS['lower'].metainfo()
CONFIG = """
model = dict(type='unused')
work_dir = '/home/somebody/runs'
load_from = None
data_root = '/home/somebody/fld'
train_cfg = dict(
    by_epoch=True,
    max_epochs=3)
"""


main = load_script('tools/misc/publish_model.py').main


@pytest.fixture
def content(make_model):
    """As MMEngine saves it, with the raw weights of a moving average."""
    state = make_model().state_dict()
    history = HistoryBuffer([1.0, 2.0], [1, 1])
    return dict(
        meta=dict(
            epoch=3,
            iter=np.int64(30),
            seed=5,
            cfg=CONFIG,
            mmengine_version='0.10',
            identity=dict(model=dict(type='unused'), seed=5),
            experiment_name='somebody_20260101',
            dataset_meta=dict(META, CLASSES=[dict(id=1, name='clothes')]),
        ),
        state_dict=state,
        ema_state_dict={f'module.{k}': v + 1 for k, v in state.items()},
        optimizer=dict(state={0: dict(exp_avg=torch.ones(1000))}),
        message_hub=dict(log_scalars={'train/loss': history}),
    )


@pytest.fixture
def checkpoint(content, tmp_path):
    path = tmp_path / 'epoch_3.pth'
    torch.save(content, path)
    return path


@pytest.fixture
def publish(checkpoint, tmp_path):
    def publish(*options):
        folder = tmp_path / 'models'
        out = str(folder / 'small.pth')
        assert main([str(checkpoint), out, *options]) == 0
        (path,) = folder.iterdir()
        return path

    return publish


def load_plainly(path):
    """As somebody without dfa_mm would, whose import allows more."""
    allowed = torch.serialization.get_safe_globals()
    torch.serialization.clear_safe_globals()
    try:
        return torch.load(path, map_location='cpu', weights_only=True)
    finally:
        torch.serialization.add_safe_globals(allowed)


def test_it_loads_without_dfa_mm(publish, checkpoint, content):
    with pytest.raises(Exception, match='weights_only|Weights only'):
        load_plainly(checkpoint)
    found = load_plainly(publish())
    assert set(found) == {'meta', 'state_dict'}
    assert set(found['state_dict']) == set(content['state_dict'])
    for name, value in content['state_dict'].items():
        assert torch.equal(found['state_dict'][name], value), name


def test_buffers_of_the_cascade_are_kept(publish):
    state = load_plainly(publish())['state_dict']
    for stage in range(3):
        assert state[f'stages.{stage}.pseudo_label.fitted']
        assert state[f'stages.{stage}.pseudo_label.centers'].abs().sum() > 0
    assert state['router.threshold'].isfinite()


def test_name_has_the_hash_of_the_file(publish):
    path = publish()
    digits = NAME.fullmatch(path.name)[1]
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:8] == digits


def test_same_content_has_the_same_hash(content, tmp_path):
    one, other = (
        body.write(body.publishable(content, False), tmp_path / folder / 'a')
        for folder in ('x', 'y')
    )
    assert one.name == other.name
    half = body.write(body.publishable(content, True), tmp_path / 'x' / 'a')
    assert half.name != one.name


def test_metadata_is_plain(publish):
    meta = load_plainly(publish())['meta']
    assert meta['dfa_mm_version'] == dfa_mm.__version__
    assert (meta['epoch'], meta['iter'], meta['seed']) == (3, 30, 5)
    assert meta['classes'] == ['clothes']
    assert 'somebody' not in str({k: meta[k] for k in meta if k != 'cfg'})
    # a run that goes on from it says what it started from
    assert meta['identity'] == dict(model=dict(type='unused'), seed=5)
    landmarks = meta['dataset_meta']
    assert landmarks['keypoint_id2name'] == META['keypoint_id2name']
    assert landmarks['keypoint_colors'] == META['keypoint_colors'].tolist()


def test_config_is_without_the_run(publish, capsys):
    meta = load_plainly(publish())['meta']
    cfg = Config.fromstring(meta['cfg'], '.py')
    assert cfg.to_dict() == dict(
        model=dict(type='unused'),
        data_root='/home/somebody/fld',
        train_cfg=dict(by_epoch=True, max_epochs=3),
    )
    # what is left of somebody's machine is said
    assert 'tells of this machine: /home/somebody/fld' in (
        capsys.readouterr().out
    )


def test_half_is_for_weights_of_layers_alone(publish, content):
    found = load_plainly(publish('--half'))['state_dict']
    halved = {k for k, v in found.items() if v.dtype == torch.float16}
    assert all(k.endswith('.weight') for k in halved)
    assert 'stages.0.branches.0.backbone.conv.weight' in halved
    assert 'stages.2.branches.1.head.fc7.weight' in halved
    for name in set(found) - halved:
        assert torch.equal(found[name], content['state_dict'][name]), name


def test_weights_beyond_float16_are_refused(
    content, checkpoint, tmp_path, capsys
):
    content['state_dict']['stages.0.branches.0.head.fc7.weight'][0, 0] = 7e4
    torch.save(content, checkpoint)
    out = str(tmp_path / 'x.pth')
    assert main([str(checkpoint), out, '--half']) == 2
    message = capsys.readouterr().err
    assert 'stages.0.branches.0.head.fc7.weight' in message
    assert 'up to 7e+04: publish without --half' in message
    assert main([str(checkpoint), out]) == 0


@pytest.mark.parametrize(
    ('name', 'value', 'told'),
    [
        ('stages.1.pseudo_label.fitted', False, 'fitted is False'),
        ('router.threshold', float('nan'), 'threshold is nan'),
    ],
)
def test_untrained_cascade_is_refused(
    content, checkpoint, tmp_path, capsys, name, value, told
):
    content['state_dict'][name].fill_(value)
    torch.save(content, checkpoint)
    assert main([str(checkpoint), str(tmp_path / 'x')]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.glob('x*'))


def test_what_is_no_checkpoint_is_refused(tmp_path, capsys):
    out = str(tmp_path / 'x')
    assert main([str(tmp_path / 'no.pth'), out]) == 2
    assert 'there is no checkpoint' in capsys.readouterr().err
    junk = tmp_path / 'junk.pth'
    junk.write_text('no checkpoint')
    assert main([str(junk), out]) == 2
    assert 'junk.pth is no checkpoint' in capsys.readouterr().err
    torch.save({'weight': torch.ones(2)}, junk)
    assert main([str(junk), out]) == 2
    assert "no 'state_dict'" in capsys.readouterr().err


@pytest.fixture
def whole(content, checkpoint, make_config):
    """It says of which model it is."""
    content['meta']['identity']['model'] = make_config()
    torch.save(content, checkpoint)
    return content


def test_a_whole_one_is_published_without_a_note(
    whole, checkpoint, tmp_path, capsys
):
    assert main([str(checkpoint), str(tmp_path / 'x')]) == 0
    assert capsys.readouterr().err == ''


def test_one_that_does_not_say_its_model_is_noted(
    checkpoint, tmp_path, capsys
):
    assert main([str(checkpoint), str(tmp_path / 'x')]) == 0
    assert 'whether it is whole was not checked' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('name', 'value', 'told'),
    [
        ('stages.1.branches.0.head.fc7.bias', None, '1 of the 96 tensors'),
        (
            'stages.1.branches.0.head.fc7.bias',
            torch.zeros(15),
            'fc7.bias is [15] there, [16] here',
        ),
        (
            'stages.1.branches.0.head.fc7.bias',
            torch.full((16,), torch.nan),
            'fc7.bias has numbers that are not finite',
        ),
        (
            'stages.1.branches.0.head.fc7.bias',
            torch.zeros(16, dtype=torch.int64),
            'fc7.bias holds torch.int64 there, torch.float32 here',
        ),
        ('stages.1.note', 'words', 'more than tensors'),
    ],
)
def test_what_is_not_whole_is_refused(
    whole, checkpoint, tmp_path, capsys, name, value, told
):
    if value is None:
        whole['state_dict'].pop(name)
    else:
        whole['state_dict'][name] = value
    torch.save(whole, checkpoint)
    assert main([str(checkpoint), str(tmp_path / 'x')]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(checkpoint) in line
    assert told in line
    assert not list(tmp_path.glob('x*'))


def test_a_model_is_not_made_by_calling_what_is_named(
    content, checkpoint, tmp_path, capsys
):
    # a registry would import the path and call what it finds
    victim = tmp_path / 'victim'
    content['meta']['identity']['model'] = dict(
        type='pathlib.Path.touch', self=str(victim)
    )
    torch.save(content, checkpoint)
    assert main([str(checkpoint), str(tmp_path / 'x')]) == 0
    assert 'whether it is whole was not checked' in capsys.readouterr().err
    assert not victim.exists()


def test_nothing_is_overwritten_unless_asked(checkpoint, tmp_path, capsys):
    before = checkpoint.read_bytes()
    assert main([str(checkpoint), str(checkpoint)]) == 2
    assert 'is the input' in capsys.readouterr().err
    assert main([str(checkpoint), str(tmp_path)]) == 2
    assert 'is a folder' in capsys.readouterr().err
    out = str(tmp_path / 'out' / 'x')
    assert main([str(checkpoint), out]) == 0
    (path,) = (tmp_path / 'out').iterdir()
    capsys.readouterr()
    # the same content on the same day has the same name
    assert main([str(checkpoint), out]) == 2
    assert f'{path} exists; --overwrite' in capsys.readouterr().err
    assert main([str(checkpoint), out, '--overwrite']) == 0
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize('text', ['model = (', 3, 'a\0b'])
def test_a_broken_config_is_told(content, checkpoint, tmp_path, capsys, text):
    content['meta']['cfg'] = text
    torch.save(content, checkpoint)
    assert main([str(checkpoint), str(tmp_path / 'x')]) == 2
    assert "the config in the checkpoint's meta" in capsys.readouterr().err


@pytest.fixture
def config(make_config, tmp_path):
    """A config that MMPose can use the cascade with."""
    pipeline = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale', padding=1.0),
        dict(type='TopdownAffine', input_size=(16, 16)),
        dict(type='PackLandmarkInputs'),
    ]
    preprocessor = dict(type='PoseDataPreprocessor')
    cfg = Config(
        dict(
            default_scope='mmpose',
            model=make_config(data_preprocessor=preprocessor),
            test_dataloader=dict(
                dataset=dict(type='FLDDataset', pipeline=pipeline)
            ),
        )
    )
    cfg.dump(tmp_path / 'config.py')
    return str(tmp_path / 'config.py')


@pytest.mark.parametrize('options', [(), ('--half',)])
def test_mmpose_predicts_with_it(publish, checkpoint, config, options):
    image = np.random.default_rng(0).integers(0, 256, (40, 30, 3), np.uint8)
    before, after = (
        init_model(config, str(path), device='cpu')
        for path in (checkpoint, publish(*options))
    )
    assert {p.dtype for p in after.parameters()} == {torch.float32}
    expected, found = (
        inference_topdown(model, image)[0].pred_instances
        for model in (before, after)
    )
    # float16 has 11 binary digits, and random weights throw the landmarks
    # hundreds of pixels apart
    assert np.ptp(expected.stage_keypoints) > 300
    tolerance = 0.6 if options else 1e-6
    np.testing.assert_allclose(
        found.stage_keypoints, expected.stage_keypoints, atol=tolerance
    )
    assert found.branch == expected.branch
    for model in (before, after):
        assert model.dataset_meta['flip_indices'] == [1, 0, 3, 2]


def test_its_landmarks_are_drawn_as_before(publish):
    sample = PoseDataSample()
    sample.pred_instances = InstanceData(
        keypoints=np.array([[[10, 10], [50, 10], [10, 50], [50, 50.0]]]),
        keypoint_scores=np.ones((1, 4)),
        landmark_visibility=np.array([[0, 1, 0, 2]]),
    )
    blank = np.zeros((64, 64, 3), np.uint8)
    drawn = []
    for meta in (META, load_plainly(publish())['meta']['dataset_meta']):
        visualizer = VISUALIZERS.build(
            dict(type='FashionLandmarkVisualizer', name=f'v{len(drawn)}')
        )
        visualizer.set_dataset_meta(meta)
        drawn.append(
            visualizer.add_datasample('x', blank, sample, draw_gt=False)
        )
    assert drawn[0].any()
    np.testing.assert_array_equal(*drawn)
