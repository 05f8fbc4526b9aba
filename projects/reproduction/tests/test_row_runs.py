"""What a run is called, and whether a folder still holds it."""

import pytest
from reproduction_files import (
    CONFIG,
    make_row,
    read_json,
    runs_of,
    write_json,
    write_root,
)

from dfa_mm.engine.runs import finished_checkpoint
from dfa_mm.errors import InputError
from projects.reproduction.record import (
    StaleRunError,
    begin_record,
    check_not_stale,
    complete_record,
    drop_older_checkpoints,
    is_done,
)
from projects.reproduction.run import option_words, parse_options

ONE = make_row('one', options={'train_cfg.max_epochs': 3})
TWO = make_row('two', parent='one', networks=2, passes=2)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_root(tmp_path)


def train(run, root, seconds=0.5):
    """Leave behind what a finished training does."""
    begin_record(run, ['tools/train.py'], 'a machine')
    logs = run.folder / '20260101_000000/vis_data'
    logs.mkdir(parents=True)
    (logs / 'scalars.json').write_text(f'{{"iter": 4, "time": {seconds}}}')
    for name in ('epoch_1.pth', 'epoch_2.pth'):
        (run.folder / name).write_bytes((root / 'template.pth').read_bytes())
    (run.folder / 'finished.json').write_text('{"checkpoint": "epoch_2.pth"}')
    (run.folder / 'results.json').write_text('{"metrics": {}}')


def test_options_that_a_row_cannot_take_are_told(root):
    row = make_row('one', options={'train_cfg.max_epochs.x.y': 1})
    (run,) = runs_of(root, row).values()
    with pytest.raises(InputError, match='cannot take .*max_epochs.x.y=1'):
        run.cfg  # noqa: B018


def test_options_are_read_as_train_py_does():
    options = {
        'model.num_stages': 1,
        'model.stages.0.pseudo_label': 'None',
        'model.routing': 'average',
        'size': [224, 224],
        'rate': 20.0,
        'flip': False,
    }
    assert option_words({'size': [224, 224]}) == ['size=[224,224]']
    assert parse_options(options) == {
        **options,
        'model.stages.0.pseudo_label': None,
    }
    assert parse_options({}) == {}


def test_options_reach_into_lists(root):
    row = make_row('x', options={'model.stages.0.label': 'None'})
    stages = runs_of(root, row)['x_seed0'].cfg.model.stages
    assert stages[0].label is None
    assert stages[1] == {}


def test_command_is_relative_to_the_repository(root):
    runs = runs_of(root, ONE, TWO, seeds=[3], options=dict(lr='1'))
    common = ['lr=1', 'randomness.seed=3']
    assert runs['one_seed3'].command() == [
        *('tools/train.py', CONFIG, '--work-dir', 'work/one_seed3'),
        *('--cfg-options', 'default_hooks.checkpoint.max_keep_ckpts=2'),
        *('train_cfg.max_epochs=3', *common),
    ]
    train(runs['one_seed3'], root)
    assert runs['two_seed3'].command()[-3:] == [
        *common,
        'load_from=work/one_seed3/epoch_2.pth',
    ]


def test_options_of_the_call_come_last(root):
    run = runs_of(root, ONE, options={'train_cfg.max_epochs': '9'})
    assert run['one_seed0'].cfg.train_cfg.max_epochs == 9


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


def test_places_do_not_belong_to_the_identity(
    root, tmp_path_factory, monkeypatch
):
    here = runs_of(root, ONE, TWO)['two_seed0'].identity
    elsewhere = write_root(tmp_path_factory.mktemp('elsewhere'))
    (elsewhere / 'data').rename(elsewhere / 'moved')
    monkeypatch.setenv('FLD_ROOT', 'moved')
    monkeypatch.chdir(elsewhere)
    assert runs_of(elsewhere, ONE, TWO)['two_seed0'].identity == here


def test_same_run_is_not_stale(root):
    runs = runs_of(root, ONE, TWO)
    for run in runs.values():
        train(run, root)
    check_not_stale(runs_of(root, ONE, TWO).values())


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ({'train_cfg.max_epochs': 4}, 'max_epochs is 3 there, 4 here'),
        ({'randomness.seed': 8}, 'seed is 8 there, 0 here'),
        (
            {'train_cfg.max_epochs': 3, 'model.stages.0.label.T': 1},
            'label.T is 20 there, 1 here',
        ),
        (
            {'train_cfg.max_epochs': 3, 'test_dataloader.dataset.indices': 5},
            'test.data.dataset.indices is nothing there, 5 here',
        ),
    ],
)
def test_other_run_is_shown_with_the_remedy(root, options, message):
    ours = make_row('one', options=options)
    theirs = runs_of(root, ONE)['one_seed0']
    if 'seed' in message:
        # the run's own seed comes last
        ours, theirs = ONE, runs_of(root, ONE, seeds=[8])['one_seed8']
    train(theirs, root)
    theirs.folder.rename(root / 'work/found')
    (root / 'work/found').rename(root / 'work/one_seed0')
    with pytest.raises(StaleRunError) as info:
        check_not_stale(runs_of(root, ours).values())
    assert message in str(info.value)
    for word in (str(root / 'work/one_seed0'), '--work-dir', 'delete'):
        assert word in str(info.value)


def test_edited_config_is_noticed(root):
    train(runs_of(root, ONE)['one_seed0'], root)
    text = (root / CONFIG).read_text()
    (root / CONFIG).write_text(text.replace('batch_size=8', 'batch_size=16'))
    with pytest.raises(StaleRunError, match='batch_size is 8 there, 16 here'):
        check_not_stale(runs_of(root, ONE).values())


def test_other_data_are_noticed(root):
    train(runs_of(root, ONE)['one_seed0'], root)
    path = root / 'data/annotations/fld_all_train.json'
    write_json(path, ['another picture'])
    with pytest.raises(StaleRunError, match='annotations'):
        check_not_stale(runs_of(root, ONE).values())


def test_interrupted_run_is_checked_too(root):
    run = runs_of(root, ONE)['one_seed0']
    begin_record(run, [], 'a machine')
    (run.folder / 'last_checkpoint').write_text('epoch_1.pth')
    with pytest.raises(StaleRunError, match='amp is'):
        check_not_stale(runs_of(root, ONE, amp=True).values())


def test_run_without_a_checkpoint_binds_nobody(root):
    begin_record(runs_of(root, ONE)['one_seed0'], [], 'a machine')
    other = runs_of(root, make_row('one'))
    check_not_stale(other.values())
    begin_record(other['one_seed0'], [], 'b')
    record = read_json(root / 'work/one_seed0/row.json')
    assert record['identity']['schedule']['train_cfg']['max_epochs'] == 2
    assert record['hardware'] == ['b']


def test_parent_of_another_kind_is_noticed(root):
    runs = runs_of(root, ONE, TWO)
    for run in runs.values():
        train(run, root)
    again = runs_of(root, make_row('one'), TWO)
    with pytest.raises(
        StaleRunError, match='before.schedule.*3 there, 2 here'
    ):
        check_not_stale([again['two_seed0']])


def test_training_of_unknown_origin_is_not_touched(root):
    folder = root / 'work/one_seed0'
    folder.mkdir(parents=True)
    (folder / 'last_checkpoint').write_text('epoch_1.pth')
    with pytest.raises(StaleRunError, match=r'no row\.json'):
        check_not_stale(runs_of(root, ONE).values())


def test_effort_is_recorded(root):
    run = runs_of(root, ONE, TWO)['two_seed0']
    train(run, root, seconds=0.5)
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
    train(run, root)
    assert is_done(run)
    (run.folder / 'results.json').unlink()
    assert not is_done(run)


def test_result_outlives_its_checkpoint(root):
    run = runs_of(root, ONE)['one_seed0']
    train(run, root)
    complete_record(run)
    (run.folder / 'epoch_2.pth').unlink()
    assert is_done(run)


def test_only_the_final_checkpoint_is_kept(root):
    run = runs_of(root, ONE)['one_seed0']
    train(run, root)
    drop_older_checkpoints(run)
    assert [p.name for p in run.folder.glob('*.pth')] == ['epoch_2.pth']
    assert finished_checkpoint(str(run.folder)) is not None
