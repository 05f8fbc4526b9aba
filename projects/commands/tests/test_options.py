"""``--cfg-options``: what a config knows, and what is misspelt."""

from pathlib import Path

import pytest
from mmengine.config import Config

from dfa_mm.apis import InputError
from dfa_mm.config_files import read_config
from dfa_mm.engine.stages import merge_options
from projects.commands import options
from projects.commands.known_keys import check_config

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / 'configs/dfa_synthfld_stage3.py'
CONFIGS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in (
        *('configs/[!_]*.py', 'configs/[!_]*/*.py'),
        *('projects/*/configs/*.py', 'projects/default_model/dfa_*.py'),
    )
    for path in ROOT.glob(pattern)
)


@pytest.fixture(scope='module')
def read():
    cfg = read_config(CONFIG)

    def merged(*words, into=merge_options):
        copy = cfg.copy()
        options.merge(copy, words, into)
        return copy

    return merged


# those of README, docs, rows.yaml and of the tests
@pytest.mark.parametrize(
    'word',
    [
        'load_from=x.pth',
        'val_cfg=None',
        'val_dataloader=None',
        'randomness.seed=3',
        'train_cfg.max_epochs=19',
        'train_cfg.max_iters=7',
        'auto_scale_lr.base_batch_size=40',
        'find_unused_parameters=False',
        'default_hooks.checkpoint.max_keep_ckpts=2',
        'default_hooks.logger.interval=5',
        'custom_hooks.1.t1=250',
        'custom_hooks.1.priority=LOW',
        'param_scheduler.1.T_max=19',
        'optim_wrapper.optimizer.lr=0.1',
        'optim_wrapper.clip_grad.max_norm=1',
        'train_dataloader.batch_size=8',
        'train_dataloader.prefetch_factor=4',
        'train_dataloader.dataset.indices=1200',
        'test_dataloader.dataset.split=val',
        'test_dataloader.dataset.ann_file=a.json',
        'model.num_stages=2',
        'model.routing=average',
        'model.router.easy_share=0.3',
        'model.router.threshold=0.3',
        'model.test_cfg.flip_test=False',
        'model.test_cfg.type_known=False',
        'model.backbone.init_cfg=None',
        'model.head.decoder.pixel_centre=0.0',
        'model.head.visibility_weight=0.0',
        'model.stages.0.pseudo_label=None',
        'model.stages.0.pseudo_label.temperature=auto',
        'model.stages.1.pseudo_label.num_clusters=4',
        'model.stages.1.branches=2',
        'model.stages.1.head.type=LocalDFAHead',
        'model.stages.1.head.dropout=0.5',
        'model.stages.1.backbone.frozen_blocks=1',
        'stage_settings.2.train_cfg.max_epochs=3',
        '+my.own=3',
    ],
)
def test_what_is_documented_is_known(read, word):
    cfg = read(word)
    key, value = options.parse(word.lstrip('+'))
    if not key.startswith('stage_settings'):
        for part in key.split('.'):
            cfg = cfg[int(part) if part.isdigit() else part]
        assert cfg == value


@pytest.mark.parametrize(
    ('word', 'told'),
    [
        ('model.test_cfg.flip_tset=False', "is it 'flip_test'?"),
        (
            'modle.routing=average',
            "the config knows no 'modle'; is it 'model'",
        ),
        ('load_form=x.pth', "is it 'load_from'?"),
        ('randomness.sed=3', "is it 'seed'?"),
        ('train_cfg.max_epoch=3', "is it 'max_epochs'?"),
        ('auto_scale_lr.base_batchsize=3', "is it 'base_batch_size'?"),
        ('train_dataloader.num_worker=3', "is it 'num_workers'?"),
        ('train_dataloader.dataset.splt=val', "is it 'split'?"),
        ('train_dataloader.dataset.pipeline.9.prob=1', 'a list with 0 to '),
        ('default_hooks.chekpoint.interval=1', "is it 'checkpoint'?"),
        ('default_hooks.checkpoint.max_keep_ckpt=1', "'max_keep_ckpts'?"),
        (
            'custom_hooks.1.t3=1',
            'it knows as_printed, end, priority, t1, t2, type;',
        ),
        ('optim_wrapper.optimiser.lr=1', "is it 'optimizer'?"),
        ('model.rooting=average', "is it 'routing'?"),
        ('model.router.treshold=0.3', "is it 'threshold'?"),
        ('model.head.visibility_wieght=1', "is it 'visibility_weight'?"),
        ('model.stages.3.branches=2', 'is a list with 0 to 2'),
        ('model.stages.first.branches=2', 'is a list with 0 to 2'),
        ('model.stages.1.branch=2', "is it 'branches'?"),
        ('model.stages.1.head.dorpout=1', "is it 'dropout'?"),
        ('model.stages.0.pseudo_label.temprature=1', "is it 'temperature'?"),
        ('stage_settings.2.train_cfg.max_epoch=3', "is it 'max_epochs'?"),
        ('load_from.x=1', 'load_from is None in the config and has no parts'),
        ('train_cfg.max_epochs=many', 'expected a number, for it is 3'),
        ('model.test_cfg.flip_test=flase', 'expected True or False'),
        ('model.head.fc_channels=[(1,2]', 'brackets that open must close'),
        ('model.stages=[dict(a=dict(b=1,c=2))]', 'of a dict give the p'),
    ],
)
def test_what_is_misspelt_is_told_with_the_nearest(read, word, told):
    with pytest.raises(InputError) as info:
        read(word)
    message = str(info.value)
    assert message.startswith(f'--cfg-options {word.partition("=")[0]}')
    assert told in message
    assert '\n' not in message


def test_the_way_out_that_is_told_works(read):
    with pytest.raises(InputError, match=r'\+model.memo=... sets it all the'):
        read('model.memo=3')
    assert read('+model.memo=3').model.memo == 3


def test_a_type_decides_what_follows_it(read):
    with pytest.raises(InputError, match="knows no 'depth'"):
        read('model.backbone.depth=18')
    words = 'model.backbone.type=ResNet', 'model.backbone.depth=18'
    assert read(*words, into=Config.merge_from_dict).model.backbone.depth == 18


@pytest.mark.parametrize('name', CONFIGS)
def test_every_config_is_known_to_the_last_key(name):
    check_config(read_config(ROOT / name))


@pytest.mark.parametrize(
    ('changes', 'told'),
    [
        (
            "model = dict(backbone=dict(type='EfficientNetLit'))",
            "model.backbone.type is 'EfficientNetLit', which names nothing "
            "that is registered; is it 'EfficientNetLite'?",
        ),
        (
            "train_dataloader = dict(dataset=dict(type='FLDDatset'))",
            "train_dataloader.dataset.type is 'FLDDatset', .* 'FLDDataset'",
        ),
        (
            "train_dataloader = dict(dataset=dict(sbset='all'))",
            "dataset is given 'sbset', which FLDDataset does not take; is it "
            "'subset'?",
        ),
        (
            "custom_hooks = [dict(type='PseudoLabelHok')]",
            "custom_hooks.0.type is 'PseudoLabelHok', .* 'PseudoLabelHook'",
        ),
    ],
)
def test_a_misspelt_config_is_told_with_the_place(tmp_path, changes, told):
    path = tmp_path / 'own.py'
    path.write_text(f"_base_ = '{CONFIG}'\n{changes}\n")
    with pytest.raises(InputError, match=told) as info:
        check_config(read_config(path))
    assert str(info.value).startswith(f'{path}: ')
