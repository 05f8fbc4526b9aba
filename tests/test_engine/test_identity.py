import json

import pytest
import torch
from tiny_training import training_config, write_annotations

from dfa_mm.engine.differences import differences, flatten
from dfa_mm.engine.identity import (
    RunMismatchError,
    check_network,
    check_same,
    identity,
    trained_on,
)


@pytest.fixture
def cfg(tmp_path):
    write_annotations(tmp_path / 'data', converted_from='here')
    return training_config(tmp_path / 'work' / 'stage3', tmp_path / 'data')


def changed(cfg, options, stage=None):
    """Keys that a change of the config makes differ."""
    before = flatten(identity(cfg, stage))
    cfg.merge_from_dict(options)
    after = flatten(identity(cfg, stage))
    return [k for k in {**before, **after} if before.get(k) != after.get(k)]


@pytest.mark.parametrize(
    ('options', 'keys'),
    [
        (
            {'model.stages.0.pseudo_label.temperature': 5},
            ['model.stages.0.pseudo_label.temperature'],
        ),
        ({'model.backbone.type': 'VGG'}, ['model.backbone.type']),
        (
            {'model.backbone.init_cfg': dict(type='Pretrained', checkpoint=1)},
            ['model.backbone.init_cfg.type'],
        ),
        (
            {'train_dataloader.dataset.split': 'val'},
            ['data.dataset.split'],
        ),
        ({'train_dataloader.batch_size': 5}, ['data.batch_size']),
        (
            {'train_dataloader.sampler.shuffle': False},
            ['data.sampler.shuffle'],
        ),
        (
            {'optim_wrapper.optimizer.lr': 0.1},
            ['schedule.optim_wrapper.optimizer.lr'],
        ),
        ({'train_cfg.max_epochs': 3}, ['schedule.train_cfg.max_epochs']),
        ({'custom_hooks.1.t2': 9}, ['schedule.custom_hooks.1.t2']),
        (
            {'auto_scale_lr': dict(enable=True, base_batch_size=8)},
            ['schedule.rate_scaled_from'],
        ),
        ({'randomness.seed': 1}, ['seed']),
    ],
)
def test_what_changes_the_numbers_changes_the_identity(cfg, options, keys):
    assert changed(cfg, options, stage=1) == keys


@pytest.mark.parametrize(
    'options',
    [
        {'work_dir': 'elsewhere/stage3'},
        {'default_hooks.checkpoint.interval': 9},
        {'train_dataloader.num_workers': 4},
        {'train_dataloader.persistent_workers': True},
        {'train_cfg.val_interval': 9},
        {'val_dataloader': dict(dataset=dict(type='TinyDataset'))},
        {'model.test_cfg': dict(flip_test=True)},
        {'launcher': 'pytorch'},
        {'visualizer': dict(type='PoseLocalVisualizer')},
        {'auto_scale_lr': dict(base_batch_size=8)},
        # of later stages
        {'model.stages.1.pseudo_label.temperature': 5},
        {'model.router': dict(threshold=0.3)},
        {'model.routing': 'average'},
    ],
)
def test_what_does_not_change_the_numbers_of_stage_one(cfg, options):
    assert changed(cfg, options, stage=1) == []


def test_weights_count_but_not_where_they_lie(cfg):
    def init_cfg(path):
        content = dict(type='Pretrained', checkpoint=path)
        return {'model.backbone.init_cfg': content}

    cfg.merge_from_dict(init_cfg('/home/a/vgg16.pth'))
    assert changed(cfg, init_cfg('data/weights/vgg.pth')) == []
    # a random start is another run
    assert changed(cfg, {'model.backbone.init_cfg': None})


def test_weights_are_known_by_what_they_hold(cfg, tmp_path):
    def init_cfg(name):
        checkpoint = str(tmp_path / f'{name}.pth')
        content = dict(type='Pretrained', checkpoint=checkpoint)
        return {'model.backbone.init_cfg': content}

    for name, content in dict(a=b'1', same=b'1', other=b'2').items():
        (tmp_path / f'{name}.pth').write_bytes(content)
    cfg.merge_from_dict(init_cfg('a'))
    assert changed(cfg, init_cfg('same')) == []
    assert changed(cfg, init_cfg('other'), stage=1) == [
        'model.backbone.init_cfg.checkpoint_sha256'
    ]


def test_what_older_versions_did_not_tell_does_not_count(cfg, tmp_path):
    def without(node):
        if isinstance(node, list):
            return [*map(without, node)]
        if not isinstance(node, dict):
            return node
        new = ('checkpoint_sha256', 'drawn')
        return {k: without(v) for k, v in node.items() if k not in new}

    (tmp_path / 'a.pth').write_bytes(b'1')
    start = dict(type='Pretrained', checkpoint=str(tmp_path / 'a.pth'))
    cfg.merge_from_dict({'model.backbone.init_cfg': start})
    ours = identity(cfg)
    older = without(ours)
    assert older != ours
    check_same(older, ours, 'work/x')
    cfg.model.backbone.init_cfg.type = 'Normal'
    with pytest.raises(RunMismatchError, match='init_cfg.type'):
        check_same(older, identity(cfg), 'work/x')


@pytest.mark.parametrize(
    ('marks', 'expected'),
    [
        (('synth_fld.py', 'synth_fld.py'), 'drawn'),
        (('synth_fld.py', None), 'photographs'),
        (('compose_worn.py', None), 'photographs'),
    ],
)
def test_a_checkpoint_tells_what_it_was_trained_on(
    cfg, tmp_path, marks, expected
):
    parts = []
    for name, tool in zip('ab', marks):
        write_annotations(tmp_path / name)
        parts.append(
            dict(
                type='TinyDataset',
                ann_file='train.json',
                data_root=str(tmp_path / name),
            )
        )
        if tool:
            mark = json.dumps(dict(tool=tool, files={}))
            (tmp_path / name / 'written_by.json').write_text(mark)
    cfg.train_dataloader.dataset = dict(type='Combined', datasets=parts)
    assert trained_on(dict(identity=identity(cfg))) == expected


@pytest.mark.parametrize(
    'meta', [{}, dict(identity=None), dict(identity=dict(data=dict(a=1)))]
)
def test_an_older_checkpoint_does_not_tell(meta):
    assert trained_on(meta) is None


def test_data_are_known_by_what_the_annotations_say(cfg, tmp_path):
    moved, other = tmp_path / 'moved', tmp_path / 'other'
    write_annotations(moved, converted_from='elsewhere')
    write_annotations(other, seed=1)
    place = 'train_dataloader.dataset.data_root'
    assert changed(cfg, {place: str(moved)}) == []
    assert changed(cfg, {place: str(other)}, stage=1) == [
        'data.dataset.annotations_sha256'
    ]


def test_annotations_that_were_edited_are_other_data(cfg, tmp_path):
    before = identity(cfg, 1)
    write_annotations(tmp_path / 'data', size=16)
    found = differences(before, identity(cfg, 1))
    assert len(found) == 1
    assert found[0].startswith('data.dataset.annotations_sha256 is ')


def test_every_part_of_combined_data_counts(cfg, tmp_path):
    def combined(*roots):
        parts = [
            dict(cfg.train_dataloader.dataset, data_root=r) for r in roots
        ]
        dataset = dict(_delete_=True, type='CombinedDataset', datasets=parts)
        return {'train_dataloader': dict(dataset=dataset)}

    for seed, name in enumerate('abc'):
        write_annotations(tmp_path / name, seed)
    a, b, c = (str(tmp_path / name) for name in 'abc')
    first, second = combined(a, b), combined(a, c)
    cfg.merge_from_dict(first)
    assert changed(cfg, second, 1) == [
        'data.dataset.datasets.1.annotations_sha256'
    ]


def test_the_stage_before_is_a_part_of_a_later_stage(cfg):
    whole = identity(cfg)
    assert whole['before'] == identity(cfg, 2)
    assert whole['before']['before'] == identity(cfg, 1)
    assert identity(cfg, 1)['before'] is None
    cfg.stage_settings = {1: {'train_cfg.max_epochs': 9}}
    (found,) = differences(whole, identity(cfg))
    assert found == (
        'before.before.schedule.train_cfg.max_epochs is 2 there, 9 here'
    )


def test_settings_of_the_last_stage_count(cfg):
    cfg.stage_settings = {3: {'train_cfg.max_epochs': 9}}
    assert identity(cfg)['schedule']['train_cfg']['max_epochs'] == 9
    assert identity(cfg, 2)['schedule']['train_cfg']['max_epochs'] == 2


def test_stage_of_a_longer_cascade_is_the_same_stage(cfg):
    whole = identity(cfg, 2)
    cfg.model.num_stages = 2
    assert identity(cfg) == whole


def test_it_starts_from_what_load_from_holds(cfg, tmp_path):
    expected = identity(cfg, 2)
    named, nameless, same, other = (
        str(tmp_path / f'{i}.pth') for i in range(4)
    )
    torch.save(dict(meta=dict(identity=expected), state_dict={}), named)
    torch.save(dict(state_dict=dict(a=torch.zeros(2))), nameless)
    torch.save(dict(state_dict=dict(a=torch.zeros(2)), meta={}), same)
    torch.save(dict(state_dict=dict(a=torch.ones(2))), other)
    whole = identity(cfg)
    cfg.load_from = named
    assert identity(cfg) == whole
    found = []
    for path in (nameless, same, other):
        cfg.load_from = path
        found.append(identity(cfg)['before'])
    assert found[0] == found[1] != found[2]
    assert list(found[0]) == ['weights_sha256']


def test_it_is_json_without_folders(cfg, tmp_path):
    cfg.custom_hooks.append(
        dict(type='X', file=str(tmp_path / 'a.txt'), shape=(1, 2), value=float)
    )
    found = identity(cfg)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert str(tmp_path) not in json.dumps(found)
    assert found['schedule']['custom_hooks'][-1] == dict(
        type='X', file='a.txt', shape=[1, 2], value='float'
    )


def test_any_model_of_mmpose_has_one(cfg):
    cfg.model = dict(type='TopdownPoseEstimator', backbone=dict(type='VGG'))
    assert identity(cfg)['model'] == cfg.model.to_dict()
    assert identity(cfg)['before'] is None


def test_a_mismatch_shows_both_sides_and_the_ways_on(cfg):
    theirs = identity(cfg, 1)
    cfg.merge_from_dict(
        {
            'model.stages.0.pseudo_label.temperature': 5,
            'randomness.seed': 7,
        }
    )
    with pytest.raises(RunMismatchError) as info:
        check_same(theirs, identity(cfg, 1), 'work/x')
    message = str(info.value)
    assert message.startswith('work/x holds another run than this config: ')
    temperature = 'model.stages.0.pseudo_label.temperature'
    assert f"{temperature} is 'auto' there, 5 here" in message
    assert 'seed is 0 there, 7 here' in message
    for remedy in ('--work-dir', 'delete', '--resume CHECKPOINT'):
        assert remedy in message
    assert '\n' not in message


def test_many_differences_are_cut_short(cfg):
    ours = identity(cfg, 1)
    theirs = dict(ours, model={f'{i}': 'x' * 999 for i in range(9)})
    with pytest.raises(RunMismatchError, match='and [0-9]+ more') as info:
        check_same(theirs, ours, 'work/x')
    assert len(str(info.value)) < 1000


@pytest.mark.parametrize('theirs', [None, {}, 'x', dict(network={}, data={})])
def test_what_does_not_say_what_it_is_is_refused(cfg, theirs):
    with pytest.raises(RunMismatchError, match='does not say what it is of'):
        check_same(theirs, identity(cfg, 1), 'work/x')


def test_networks_are_compared_by_what_they_predict(cfg):
    theirs = identity(cfg, 2)
    cfg.merge_from_dict(
        {
            'model.head.dropout': 0.5,
            'model.head.loss_landmark': dict(type='L1Loss'),
            'model.stages.0.pseudo_label.temperature': 5,
            'model.stages.1.pseudo_label.space': 'absolute',
            'randomness.seed': 7,
        }
    )
    check_network(theirs, cfg, stages=1, where='a.pth')
    check_network(None, cfg, stages=2, where='a.pth')
    space = 'model.stages.1.pseudo_label.space'
    with pytest.raises(
        RunMismatchError,
        match=f"^a.pth is of another model .*{space} is 'offset' there, "
        "'absolute' here$",
    ):
        check_network(theirs, cfg, stages=2, where='a.pth')
