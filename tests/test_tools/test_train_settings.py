"""What ``dfa train`` makes of its arguments; nothing is trained."""

import os
import signal
from pathlib import Path

import pytest
import torch

from dfa_mm.apis import InputError
from dfa_mm.engine import runs
from dfa_mm.engine.identity import RunMismatchError, identity
from dfa_mm.engine.stages import num_stages, stage_config
from projects.commands import train
from projects.commands.dfa import read

REPO = Path(__file__).parents[2]
CONFIG = str(REPO / 'configs' / 'dfa_synthfld_stage3.py')


@pytest.fixture
def settings(monkeypatch):
    def load(*arguments, config=CONFIG):
        # reading arguments sets it where it is missing
        monkeypatch.setenv('LOCAL_RANK', '0')
        return train.load_config(read('train', [config, *arguments]))

    return load


def test_folder_is_named_after_the_config(settings, tmp_path):
    assert settings().work_dir == 'work_dirs/dfa_synthfld_stage3'
    found = settings('--work-dir', str(tmp_path)).work_dir
    assert found == str(tmp_path)


def test_options_reach_inside_lists(settings):
    cfg = settings(
        '--cfg-options', 'model.stages.1.pseudo_label.temperature=7'
    )
    temperatures = [s.pseudo_label.temperature for s in cfg.model.stages]
    assert temperatures == [20.0, 7, 'auto']


def test_options_go_before_the_settings_of_single_stages(settings):
    folder = REPO / 'configs' / 'backbones'
    config = str(folder / 'dfa_lsp_efficientnet-lite0_stage3.py')
    cfg = settings('--cfg-options', 'train_cfg.max_epochs=3', config=config)
    epochs = [
        stage_config(cfg, stage).train_cfg.max_epochs for stage in (1, 2, 3)
    ]
    assert epochs == [3, 3, 3]


@pytest.mark.parametrize(
    ('arguments', 'stages', 'work_dir'),
    [
        ([], 3, 'work_dirs/dfa_synthfld_stage3'),
        (['--stage', '3'], 3, 'work_dirs/dfa_synthfld_stage3'),
        (['--stage', '1'], 1, 'work_dirs/dfa_synthfld_stage1'),
        (['--stage', '2', '--work-dir', 'out'], 2, 'out/stage2'),
        (['--stage', '2', '--work-dir', 'x_stage3'], 2, 'x_stage2'),
    ],
)
def test_stage_ends_the_cascade(settings, arguments, stages, work_dir):
    cfg = settings(*arguments)
    assert num_stages(cfg) == stages
    assert cfg.work_dir == work_dir


@pytest.mark.parametrize('stage', ['0', '4'])
def test_stage_that_is_not_there_is_refused(settings, stage):
    with pytest.raises(InputError, match=f'--stage {stage}: .* 1 to 3'):
        settings('--stage', stage)


@pytest.mark.parametrize(
    ('cuda', 'wrapper'),
    [(True, 'AmpOptimWrapper'), (False, 'BFloat16OptimWrapper')],
)
def test_mixed_precision(settings, monkeypatch, cuda, wrapper):
    monkeypatch.setattr('torch.cuda.is_available', lambda: cuda)
    optim_wrapper = settings('--amp').optim_wrapper
    assert optim_wrapper.type == wrapper
    assert optim_wrapper.optimizer.type == 'AdamW'


def test_without_validation_there_is_still_a_test(settings):
    cfg = settings('--no-validate')
    assert cfg.val_cfg is cfg.val_dataloader is cfg.val_evaluator is None
    assert cfg.test_dataloader is not None


BASE = 'auto_scale_lr.base_batch_size'


def test_learning_rate_can_be_scaled(settings):
    cfg = settings('--auto-scale-lr', '--cfg-options', f'{BASE}=40')
    assert cfg.auto_scale_lr == dict(base_batch_size=40, enable=True)
    # the flag only turns it on: its batch is not the config's
    batch = 'train_dataloader.batch_size=80'
    cfg = settings('--auto-scale-lr', '--cfg-options', f'{BASE}=40', batch)
    assert cfg.auto_scale_lr.base_batch_size == 40


def test_rate_without_a_batch_cannot_be_scaled(settings):
    with pytest.raises(InputError, match=f'--cfg-options {BASE}=16'):
        settings('--auto-scale-lr', '--cfg-options', 'auto_scale_lr=None')


def test_rate_is_left_alone_by_default(settings):
    cfg = settings('--cfg-options', f'{BASE}=40')
    assert not cfg.auto_scale_lr.get('enable')


@pytest.fixture
def main(monkeypatch, settings):
    """Runs ``main``; the stages it trains and the folders it tests."""

    def run(work_dir, *arguments, then=None):
        done = []

        def train_stage(cfg, stage, resume=None, progress=None):
            checkpoint, _ = runs.starting_point(cfg, stage, resume)
            done.append(('train', stage, checkpoint))
            finish(cfg, stage)

        monkeypatch.setattr(train, 'check_files', lambda cfg: None)
        monkeypatch.setattr(train, 'train_stage', train_stage)
        monkeypatch.setattr(
            train,
            'evaluate_stage',
            then
            or (
                lambda cfg, stage, verbose: done.append(
                    ('test', stage, cfg.work_dir)
                )
            ),
        )
        monkeypatch.setenv('LOCAL_RANK', '0')
        command = [CONFIG, '--work-dir', str(work_dir), *arguments]
        status = train.run(read('train', command))
        return status or done

    return run


def finish(cfg, stage):
    """Leave behind what a finished training does."""
    folder = Path(stage_config(cfg, stage).work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    meta = dict(identity=identity(cfg, stage))
    torch.save(dict(meta=meta, state_dict={}), folder / 'epoch_1.pth')
    (folder / 'last_checkpoint').write_text('epoch_1.pth')
    runs.mark_finished(cfg, stage)


def test_stages_are_trained_in_order_each_from_the_one_before(main, tmp_path):
    assert main(tmp_path / 'x_stage3') == [
        ('train', 1, None),
        ('train', 2, str(tmp_path / 'x_stage1' / 'epoch_1.pth')),
        ('train', 3, str(tmp_path / 'x_stage2' / 'epoch_1.pth')),
        ('test', 3, str(tmp_path / 'x_stage3')),
    ]


def test_finished_cascade_is_only_tested(main, tmp_path):
    main(tmp_path / 'x_stage3')
    assert main(tmp_path / 'x_stage3') == [
        ('test', 3, str(tmp_path / 'x_stage3'))
    ]


def test_finished_cascade_needs_no_earlier_checkpoint(main, tmp_path):
    # one checkpoint of stage 3 holds the whole cascade
    main(tmp_path / 'x_stage3')
    (tmp_path / 'x_stage2' / 'epoch_1.pth').unlink()
    assert main(tmp_path / 'x_stage3') == [
        ('test', 3, str(tmp_path / 'x_stage3'))
    ]


def test_early_stage_is_trained_alone_and_gone_on_from(main, tmp_path):
    work_dir = tmp_path / 'x_stage3'
    assert main(work_dir, '--stage', '1') == [
        ('train', 1, None),
        ('test', 1, str(tmp_path / 'x_stage1')),
    ]
    done = main(work_dir, '--stage', '2')
    assert [step[:2] for step in done] == [('train', 2), ('test', 2)]
    done = main(work_dir)
    assert [step[:2] for step in done] == [('train', 3), ('test', 3)]


def test_what_to_do_with_it_is_said_as_commands(main, tmp_path, capsys):
    main(tmp_path / 'x y_stage3')
    said = capsys.readouterr().err
    folder = f'{tmp_path}/x y_stage3'
    model = f"'{folder}/dfa_synthfld_stage3.py' '{folder}/epoch_1.pth'"
    assert f'dfa test {model}' in said
    assert f'dfa predict PICTURE {model}' in said
    assert 'not for photographs' not in said


def test_drawn_garments_are_not_photographs(main, tmp_path, capsys):
    (tmp_path / 'fld').mkdir()
    (tmp_path / 'fld' / 'written_by.json').write_text(
        '{"tool": "synth_fld.py"}'
    )
    root = f'train_dataloader.dataset.data_root={tmp_path / "fld"}'
    main(tmp_path / 'x_stage3', '--cfg-options', root)
    assert 'not for photographs' in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told_first(main, tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(InputError, match='nothing can be written') as caught:
        main(tmp_path / 'file' / 'x_stage3')
    assert f'{tmp_path}/file/x_stage1' in str(caught.value)


@pytest.mark.parametrize(
    ('arguments', 'seed'), [([], 0), (['randomness.seed=7'], 7)]
)
def test_there_is_always_a_seed(settings, tmp_path, arguments, seed):
    path = tmp_path / 'config.py'
    path.write_text(f"_base_ = '{CONFIG}'\nrandomness = dict(_delete_=True)")
    options = ['--cfg-options', *arguments] if arguments else []
    assert settings(*options, config=str(path)).randomness.seed == seed


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_one_line(main, tmp_path, capsys, number):
    # while it is tested, when nothing is trained
    main(tmp_path / 'x_stage3')
    capsys.readouterr()

    def signalled(cfg, stage, verbose):
        os.kill(os.getpid(), number)

    status = main(tmp_path / 'x_stage3', then=signalled)
    assert status == 128 + number
    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith('stopped while nothing was trained; the same')


def test_another_run_ends_in_one_line(main, tmp_path):
    work_dir = tmp_path / 'x_stage3'
    main(work_dir, '--stage', '1')
    with pytest.raises(RunMismatchError) as info:
        main(work_dir, '--cfg-options', 'randomness.seed=7')
    message = str(info.value)
    assert message.startswith(str(tmp_path))
    assert 'seed is 0 there, 7 here' in message
    assert '\n' not in message


def test_last_stage_is_tested_with_its_settings(
    settings, tmp_path, monkeypatch
):
    cfg = settings('--work-dir', str(tmp_path / 'x_stage3'))
    cfg.stage_settings = {3: {'test_dataloader.batch_size': 7}}
    finish(cfg, 3)
    seen = []
    monkeypatch.setattr(train.StageRunner, 'from_cfg', seen.append)
    monkeypatch.setattr(train, 'test_and_report', lambda *_, **__: None)
    half = tmp_path / 'x_stage3' / '.123-results.json'
    half.write_text('of a call that was killed')
    train.evaluate_stage(cfg, 3)
    assert not half.exists()
    assert seen[0].test_dataloader.batch_size == 7
    assert seen[0].load_from == str(tmp_path / 'x_stage3' / 'epoch_1.pth')
