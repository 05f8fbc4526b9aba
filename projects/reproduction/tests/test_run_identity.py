"""What a run is called, and whether a folder still holds it."""

import pytest
from reproduction_files import CONFIG, make_row, read_json, runs_of, write_root

from dfa_mm.engine.cascade import finished_checkpoint
from projects.reproduction.record import (
    StaleRunError,
    begin_record,
    check_not_stale,
    complete_record,
    drop_older_checkpoints,
    is_done,
)
from projects.reproduction.row import UnknownRowError, choose_rows, lineage
from projects.reproduction.settings import digest, flatten, parse_options

ONE = make_row('one', options={'train_cfg.max_epochs': '3'})
TWO = make_row('two', parent='one', networks=2, passes=2)


@pytest.fixture
def root(tmp_path):
    return write_root(tmp_path)


def train(run, seconds=0.5):
    """Leave behind what a finished training does."""
    begin_record(run, ['tools/train.py'], 'a machine')
    logs = run.folder / '20260101_000000/vis_data'
    logs.mkdir(parents=True)
    (logs / 'scalars.json').write_text(f'{{"iter": 4, "time": {seconds}}}')
    for name in ('epoch_1.pth', 'epoch_2.pth'):
        (run.folder / name).write_bytes(
            (run.root / 'template.pth').read_bytes()
        )
    (run.folder / 'finished.json').write_text('{"checkpoint": "epoch_2.pth"}')
    (run.folder / 'results.json').write_text('{"metrics": {}}')


def test_options_are_read_as_train_py_does():
    options = {
        'model.num_stages': '1',
        'model.stages.0.pseudo_label': 'None',
        'optim_wrapper.clip_grad': 'None',
        'model.routing': 'average',
        'size': '[224,224]',
        'flip': 'False',
    }
    assert parse_options(options) == {
        'model.num_stages': 1,
        'model.stages.0.pseudo_label': None,
        'optim_wrapper.clip_grad': None,
        'model.routing': 'average',
        'size': [224, 224],
        'flip': False,
    }
    assert parse_options({}) == {}


def test_options_reach_into_lists(root):
    row = make_row('x', options={'stages.0.label': 'None'})
    settings = runs_of(root, row)['x_seed0'].settings
    assert settings['stages.0.label'] is None
    assert settings['stages.1.label.T'] == 20


def test_settings_are_flat():
    nested = dict(a=[dict(b=1), dict(b=(2, 3))], c={}, d=[1, 2])
    assert flatten(nested) == {
        'a.0.b': 1,
        'a.1.b': (2, 3),
        'c': {},
        'd': [1, 2],
    }


def test_digest_does_not_depend_on_the_order():
    assert digest(dict(a=1, b=2)) == digest(dict(b=2, a=1))
    assert digest(dict(a=1)) != digest(dict(a='1'))


def test_rows_bring_what_they_start_from():
    rows = (ONE, TWO, make_row('three'))
    assert choose_rows(rows, ['two']) == [ONE, TWO]
    assert choose_rows(rows) == list(rows)
    assert lineage(rows, 'two') == [ONE, TWO]
    with pytest.raises(UnknownRowError, match="'four'.*one, two, three"):
        choose_rows(rows, ['four'])


def test_command_is_relative_to_the_repository(root):
    runs = runs_of(root, ONE, TWO, seeds=[3], options=dict(lr='1'))
    common = ['lr=1', 'randomness.seed=3']
    assert runs['one_seed3'].command() == [
        *('tools/train.py', CONFIG, '--work-dir', 'work/one_seed3'),
        *('--cfg-options', 'default_hooks.checkpoint.max_keep_ckpts=2'),
        *('train_cfg.max_epochs=3', *common),
    ]
    train(runs['one_seed3'])
    assert runs['two_seed3'].command()[-3:] == [
        *common,
        'load_from=work/one_seed3/epoch_2.pth',
    ]


def test_options_of_the_call_come_last(root):
    run = runs_of(root, ONE, options={'train_cfg.max_epochs': '9'})[
        'one_seed0'
    ]
    assert run.settings['train_cfg.max_epochs'] == 9


def test_child_waits_for_its_parent(root):
    with pytest.raises(FileNotFoundError, match='one_seed0 holds no finished'):
        runs_of(root, ONE, TWO)['two_seed0'].command()


@pytest.mark.parametrize(
    ('amp', 'cuda', 'expected'),
    [(False, True, False), (True, False, True), (True, True, True)],
)
def test_mixed_precision(root, amp, cuda, expected):
    run = runs_of(root, ONE, amp=amp)['one_seed0']
    assert ('--amp' in run.command(cuda)) == expected


def test_places_do_not_belong_to_the_settings(root, tmp_path_factory):
    elsewhere = write_root(tmp_path_factory.mktemp('elsewhere'))
    here, there = (
        runs_of(place, ONE, TWO)['two_seed0'] for place in (root, elsewhere)
    )
    assert here.identity == there.identity
    assert not {'work_dir', 'load_from'} & set(here.settings)


def test_same_run_is_not_stale(root):
    runs = runs_of(root, ONE, TWO)
    for run in runs.values():
        train(run)
    check_not_stale(runs_of(root, ONE, TWO).values())


def test_other_option_is_named_with_the_remedy(root):
    train(runs_of(root, ONE)['one_seed0'])
    other = make_row('one', options={'train_cfg.max_epochs': '4'})
    with pytest.raises(StaleRunError) as info:
        check_not_stale(runs_of(root, other).values())
    message = str(info.value)
    assert 'train_cfg.max_epochs: 3 there, 4 here' in message
    assert str(root / 'work/one_seed0') in message
    assert '--work-dir' in message
    assert 'delete' in message


def test_edited_config_is_noticed(root):
    train(runs_of(root, ONE)['one_seed0'])
    text = (root / CONFIG).read_text()
    (root / CONFIG).write_text(text.replace('batch_size=8', 'batch_size=16'))
    with pytest.raises(StaleRunError, match='batch_size: 8 there, 16 here'):
        check_not_stale(runs_of(root, ONE).values())


def test_interrupted_run_is_checked_too(root):
    run = runs_of(root, ONE)['one_seed0']
    begin_record(run, [], 'a machine')
    (run.folder / 'last_checkpoint').write_text('epoch_1.pth')
    with pytest.raises(StaleRunError, match='amp'):
        check_not_stale(runs_of(root, ONE, amp=True).values())


def test_run_without_a_checkpoint_binds_nobody(root):
    begin_record(runs_of(root, ONE)['one_seed0'], [], 'a machine')
    other = runs_of(root, make_row('one'))
    check_not_stale(other.values())
    begin_record(other['one_seed0'], [], 'b')
    record = read_json(root / 'work/one_seed0/row.json')
    assert record['settings']['train_cfg.max_epochs'] == 2
    assert record['hardware'] == ['b']


def test_parent_of_another_kind_is_noticed(root):
    runs = runs_of(root, ONE, TWO)
    for run in runs.values():
        train(run)
    again = runs_of(root, make_row('one'), TWO)
    with pytest.raises(StaleRunError, match='another one'):
        check_not_stale([again['two_seed0']])


def test_training_of_unknown_origin_is_not_touched(root):
    folder = root / 'work/one_seed0'
    folder.mkdir(parents=True)
    (folder / 'last_checkpoint').write_text('epoch_1.pth')
    with pytest.raises(StaleRunError, match=r'no row\.json'):
        check_not_stale(runs_of(root, ONE).values())


def test_effort_is_recorded(root):
    run = runs_of(root, ONE, TWO)['two_seed0']
    train(run, seconds=0.5)
    # 4 iterations of 8 images, through two networks; 4 x 0.5 s
    assert complete_record(run)['training'] == dict(
        iterations=4, batch_size=8, image_passes=64, seconds=2.0
    )


def test_resumed_on_another_machine(root):
    run = runs_of(root, ONE)['one_seed0']
    begin_record(run, [], 'a')
    (run.folder / 'last_checkpoint').write_text('epoch_1.pth')
    for machine in ('a', 'b', 'a'):
        begin_record(run, [], machine)
    assert read_json(run.folder / 'row.json')['hardware'] == ['a', 'b']


def test_done_is_trained_and_tested(root):
    run = runs_of(root, ONE)['one_seed0']
    assert not is_done(run)
    train(run)
    assert is_done(run)
    (run.folder / 'results.json').unlink()
    assert not is_done(run)


def test_result_outlives_its_checkpoint(root):
    run = runs_of(root, ONE)['one_seed0']
    train(run)
    complete_record(run)
    (run.folder / 'epoch_2.pth').unlink()
    assert is_done(run)


def test_only_the_final_checkpoint_is_kept(root):
    run = runs_of(root, ONE)['one_seed0']
    train(run)
    drop_older_checkpoints(run)
    assert [p.name for p in run.folder.glob('*.pth')] == ['epoch_2.pth']
    assert finished_checkpoint(str(run.folder)) is not None
