"""What tools/train.py makes of its arguments; nothing is trained."""

import importlib.util
import sys
from pathlib import Path

import pytest

from dfa_mm.engine import cascade

REPO = Path(__file__).parents[2]
CONFIG = str(REPO / 'configs' / 'dfa_synthfld_stage3.py')


@pytest.fixture
def train():
    """The script as a module of its own."""
    path = REPO / 'tools' / 'train.py'
    spec = importlib.util.spec_from_file_location('dfa_tools_train', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def settings(train, monkeypatch):
    def load(*arguments, config=CONFIG):
        monkeypatch.setattr(sys, 'argv', ['train.py', config, *arguments])
        # parse_args sets it where it is missing
        monkeypatch.setenv('LOCAL_RANK', '0')
        return train.load_config(train.parse_args())

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
        cascade.stage_config(cfg, stage).train_cfg.max_epochs
        for stage in (1, 2, 3)
    ]
    assert epochs == [3, 3, 3]
    # what the option does not name stays different
    assert cfg.stage_settings[1] == {'param_scheduler.1.T_max': 18}


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


@pytest.mark.parametrize('name', ['dfa_fld_stage3', 'dfa_synthfld_stage3'])
def test_learning_rate_can_be_scaled(settings, name):
    cfg = settings(
        '--auto-scale-lr', config=str(REPO / 'configs' / f'{name}.py')
    )
    assert cfg.auto_scale_lr.enable is True
    # the rate of the config is that for its own batch on one device
    assert cfg.auto_scale_lr.base_batch_size == cfg.train_dataloader.batch_size


@pytest.fixture
def trained(train, monkeypatch):
    """Runs ``train_stage`` up to the runner; what the runner would get."""
    seen = {}

    class FakeRunner:
        def train(self):
            seen['trained'] = True

        @classmethod
        def from_cfg(cls, cfg):
            seen.update(resume=cfg.resume, load_from=cfg.load_from)
            return cls()

    monkeypatch.setattr(train, 'Runner', FakeRunner)
    monkeypatch.setattr(
        train.cascade, 'mark_finished', lambda cfg: seen.update(marked=True)
    )

    def run(cfg, resume=None):
        train.train_stage(cfg, resume)
        assert seen['trained']
        assert seen['marked']
        return seen['resume'], seen['load_from']

    return run


def test_new_stage_starts_from_the_stage_before(settings, trained, tmp_path):
    cfg = settings('--work-dir', str(tmp_path))
    cfg.load_from = 'stage2.pth'
    assert trained(cfg) == (False, 'stage2.pth')


@pytest.mark.parametrize('resume', [None, 'auto'])
def test_interrupted_stage_resumes(settings, trained, tmp_path, resume):
    cfg = settings('--work-dir', str(tmp_path))
    cfg.load_from = 'stage2.pth'
    (tmp_path / 'last_checkpoint').write_text('epoch_3.pth')
    # with both given, MMEngine would resume from stage 2's checkpoint
    assert trained(cfg, resume) == (True, None)


def test_named_checkpoint_is_resumed(settings, trained, tmp_path):
    cfg = settings('--work-dir', str(tmp_path))
    (tmp_path / 'last_checkpoint').write_text('epoch_3.pth')
    assert trained(cfg, 'epoch_2.pth') == (True, 'epoch_2.pth')


@pytest.fixture
def main(train, monkeypatch, settings):
    """Runs ``main``; the stages it trains and the folders it tests."""

    def run(work_dir):
        done = []
        monkeypatch.setattr(train, 'check_files', lambda cfg: None)
        monkeypatch.setattr(
            train,
            'train_stage',
            lambda cfg, resume=None: (
                done.append(('train', cfg.model.num_stages, cfg.load_from)),
                finish(cfg),
            ),
        )
        monkeypatch.setattr(
            train,
            'evaluate_stage',
            lambda cfg: done.append(('test', cfg.work_dir)),
        )
        settings('--work-dir', str(work_dir))
        train.main()
        return done

    return run


def finish(cfg):
    """Leave behind what a finished training does."""
    folder = Path(cfg.work_dir)
    folder.mkdir(parents=True)
    (folder / 'epoch_1.pth').touch()
    (folder / 'last_checkpoint').write_text(str(folder / 'epoch_1.pth'))
    cascade.mark_finished(cfg)


def test_stages_are_trained_in_order_each_from_the_one_before(main, tmp_path):
    assert main(tmp_path / 'x_stage3') == [
        ('train', 1, None),
        ('train', 2, str(tmp_path / 'x_stage1' / 'epoch_1.pth')),
        ('train', 3, str(tmp_path / 'x_stage2' / 'epoch_1.pth')),
        ('test', str(tmp_path / 'x_stage3')),
    ]


def test_finished_cascade_is_only_tested(main, tmp_path):
    main(tmp_path / 'x_stage3')
    assert main(tmp_path / 'x_stage3') == [
        ('test', str(tmp_path / 'x_stage3'))
    ]


def test_finished_cascade_needs_no_earlier_checkpoint(main, tmp_path):
    # one checkpoint of stage 3 holds the whole cascade
    main(tmp_path / 'x_stage3')
    (tmp_path / 'x_stage2' / 'epoch_1.pth').unlink()
    assert main(tmp_path / 'x_stage3') == [
        ('test', str(tmp_path / 'x_stage3'))
    ]
