"""tools/train.py in this process, on a handful of drawn garments."""

import importlib.util
import json
import sys

import pytest
from config_files import ROOT, load

from dfa_mm.datasets.fld_coco import convert
from projects.synthfld import write_synth_fld

SPLITS = ('train', 'val', 'test')
# lower-body clothes
NUM_LANDMARKS = 4


@pytest.fixture(scope='module')
def small_fld(tmp_path_factory):
    root = tmp_path_factory.mktemp('synthfld')
    write_synth_fld(root, 60, size=64, jobs=1)
    convert(root, root / 'annotations')
    return root


@pytest.fixture(scope='module')
def write_small(small_fld):
    """A config's copy with two iterations and the tests' backbone.

    ``fit(head)`` fits the head to its map, which has four channels at a
    quarter of the crop's size.
    """

    def write(name, folder, fit, **model):
        cfg = load(name)
        for split in SPLITS:
            loader = cfg[f'{split}_dataloader']
            loader.update(
                batch_size=4, num_workers=0, persistent_workers=False
            )
            loader.dataset.update(
                data_root=str(small_fld),
                subset='lower',
                indices=8 if split == 'train' else 3,
            )
        cfg.train_cfg.max_epochs = 1
        cfg.model.backbone = dict(type='TinyBackbone')
        cfg.model.update(model)
        cfg.model.head.in_channels = 4
        fit(cfg.model.head)
        path = folder / name.rpartition('/')[2]
        cfg.dump(path)
        return path

    return write


@pytest.fixture(scope='module')
def train():
    """``tools/train.py CONFIG --work-dir WORK_DIR``; the metrics."""
    spec = importlib.util.spec_from_file_location(
        'dfa_tools_train_small', ROOT / 'tools' / 'train.py'
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(config, work_dir):
        arguments = ['train.py', str(config), '--work-dir', str(work_dir)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, 'argv', arguments)
            patch.setenv('LOCAL_RANK', '0')
            module.main()
        return json.loads((work_dir / 'results.json').read_text())['metrics']

    return run
