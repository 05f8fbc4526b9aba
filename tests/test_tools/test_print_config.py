import importlib.util
from pathlib import Path

import pytest
from mmengine.config import Config

ROOT = Path(__file__).parents[2]
CONFIG = str(ROOT / 'configs' / 'dfa_fld_stage1.py')


@pytest.fixture(scope='module')
def tool():
    path = ROOT / 'tools/misc/print_config.py'
    spec = importlib.util.spec_from_file_location('print_config', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_printed_is_the_config(tool, tmp_path, capsys):
    options = ['model.stages.1.branches=2', 'train_cfg.max_iters=7']
    tool.main([CONFIG, '--cfg-options', *options])
    printed = tmp_path / 'printed.py'
    printed.write_text(capsys.readouterr().out)
    expected = Config.fromfile(CONFIG)
    assert 'branches' not in expected.model.stages[1]
    expected.model.stages[1].branches = 2
    expected.train_cfg.max_iters = 7
    # nothing is inherited any more
    assert '_base_' not in printed.read_text()
    assert Config.fromfile(printed).to_dict() == expected.to_dict()
