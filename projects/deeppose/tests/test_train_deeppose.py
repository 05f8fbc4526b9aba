"""tools/train.py on the rivals' configs: drawn garments, tiny networks."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpose.apis import inference_topdown, init_model

from dfa_mm.datasets.fld_coco import convert
from dfa_mm.engine import cascade
from projects.synthfld import write_synth_fld

REPO = Path(__file__).parents[2]
BASELINES = REPO / 'configs' / 'baselines'
DEEPPOSE = 'deeppose_photos_efficientnet-lite0_stage3'
pytestmark = pytest.mark.slow
# lower-body clothes: four landmarks, so four networks per stage
K = 4


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp('synthfld')
    write_synth_fld(root, 60, size=64, jobs=1)
    convert(root, root / 'annotations')
    return root


@pytest.fixture(scope='module')
def tiny(root):
    """A rival's config on drawn garments, with the tests' backbone."""

    def load(name, folder):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv('DFA_CASCADE', 'dfa_synthfld')
            patch.setenv('SYNTHFLD_ROOT', str(root))
            patch.setenv('FLD_SUBSET', 'lower')
            cfg = Config.fromfile(BASELINES / f'{name}.py')
        for split in ('train', 'val', 'test'):
            loader = cfg[f'{split}_dataloader']
            loader.update(
                batch_size=4, num_workers=0, persistent_workers=False
            )
            # two iterations
            loader.dataset.indices = 8 if split == 'train' else 3
        cfg.train_cfg.max_epochs = 1
        cfg.model.backbone = dict(type='TinyBackbone')
        _fit_to_tiny_backbone(cfg.model)
        path = folder / f'{name}.py'
        cfg.dump(path)
        return path

    return load


def _fit_to_tiny_backbone(model):
    """Its map has four channels at a quarter of the crop's 128 pixels."""
    head = model.head
    head.in_channels = 4
    if head.type == 'DFAHead':
        model.neck = None
        head.update(pool_size=2, fc_channels=(16, 16), previous_channels=8)
    elif head.type == 'HeatmapHead':
        # 32 x 32 as it is
        head.update(deconv_out_channels=None, deconv_kernel_sizes=None)
    elif head.type == 'SimCCHead':
        head.in_featuremap_size = (32, 32)


@pytest.fixture(scope='module')
def train():
    """``tools/train.py CONFIG --work-dir WORK_DIR``, in this process."""
    spec = importlib.util.spec_from_file_location(
        'dfa_tools_train_rivals', REPO / 'tools' / 'train.py'
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


@pytest.fixture(scope='module')
def deeppose(tiny, train, tmp_path_factory):
    """Config, folder of stage 3, and its metrics."""
    folder = tmp_path_factory.mktemp('deeppose')
    config = tiny(DEEPPOSE, folder)
    work_dir = folder / 'tiny_stage3'
    return config, work_dir, train(config, work_dir)


def state(folder):
    checkpoint = torch.load(
        cascade.finished_checkpoint(str(folder)), weights_only=True
    )
    return checkpoint['state_dict']


def test_one_call_trains_the_three_stages_of_deeppose(deeppose):
    _, work_dir, metrics = deeppose
    stages = [
        state(work_dir.with_name(f'tiny_stage{number}')) for number in (1, 2)
    ]
    last = state(work_dir)
    # what a stage was trained to is in the next one's checkpoint, unchanged
    for earlier in stages:
        assert earlier.keys() < last.keys()
        assert all(torch.equal(last[k], v) for k, v in earlier.items())
    convolutions = [k for k in last if k.endswith('backbone.conv.weight')]
    assert len(convolutions) == 1 + K + K
    # NE and PDL know the stages as they know the cascade's
    stages = {'stage1', 'stage2', 'stage3', 'final'}
    assert set(metrics['NE']['box']) == stages
    assert set(metrics['PDL']['stages']) == stages
    assert metrics['NE']['box']['final']['mean'] > 0


def test_finished_stages_of_deeppose_are_reused(deeppose, train):
    config, work_dir, before = deeppose
    files = sorted(work_dir.parent.rglob('*.pth'))
    times = [path.stat().st_mtime_ns for path in files]
    assert train(config, work_dir) == before
    assert sorted(work_dir.parent.rglob('*.pth')) == files
    assert [path.stat().st_mtime_ns for path in files] == times


def test_inference_of_mmpose_runs_deeppose(deeppose):
    config, work_dir, _ = deeppose
    model = init_model(
        str(config), cascade.finished_checkpoint(str(work_dir)), 'cpu'
    )
    image = np.random.default_rng(0).integers(0, 255, (90, 70, 3), np.uint8)
    (sample,) = inference_topdown(model, image)
    found = sample.pred_instances
    assert found.keypoints.shape == (1, K, 2)
    assert found.stage_keypoints.shape == (1, 3, K, 2)


@pytest.mark.parametrize('head', ['regression', 'rle', 'heatmap', 'simcc'])
def test_heads_of_mmpose_are_trained_and_measured(head, tiny, train, tmp_path):
    config = tiny(f'photos_{head}_efficientnet-lite0', tmp_path)
    metrics = train(config, tmp_path / 'work')
    # one network, no stages, no visibility
    assert set(metrics['NE']['box']) == {'final'}
    assert metrics['NE']['box']['final']['mean'] > 0
    assert 'visibility' not in metrics
