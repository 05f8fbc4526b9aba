"""tools/train.py in this process, on a handful of drawn garments."""

import json

import pytest
from config_files import load
from demo_files import load_script
from drawn_fld import write_drawn_fld

from dfa_mm.datasets.fld_coco import convert

SPLITS = ('train', 'val', 'test')
# lower-body clothes
NUM_LANDMARKS = 4


@pytest.fixture(scope='module')
def small_fld(tmp_path_factory):
    root = tmp_path_factory.mktemp('fld')
    write_drawn_fld(root, 60, size=64)
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
    tool = load_script('tools/train.py')

    def run(config, work_dir):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv('LOCAL_RANK', '0')
            command = [str(config), '--work-dir', str(work_dir)]
            assert tool.main(command) == 0
        return json.loads((work_dir / 'results.json').read_text())['metrics']

    return run
