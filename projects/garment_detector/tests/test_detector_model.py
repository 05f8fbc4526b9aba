"""The network: built, learning, and without compiled operators."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData

import projects.garment_detector  # noqa: F401  registers
from dfa_mm.compat import stand_in_for_mmcv_ops

FOLDER = Path(__file__).parents[1]
CONFIGS = [
    FOLDER / 'garment_detector.py',
    FOLDER / 'configs/centernet_efficientnet-lite0_garments.py',
]
HEIGHT, WIDTH = 128, 96
BOXES = [[16.0, 10, 80, 58], [24, 62, 72, 120]]


@pytest.fixture
def detector():
    cfg = Config.fromfile(CONFIGS[0]).model
    torch.manual_seed(0)
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(cfg)
    model.bbox_head.init_weights()
    return model


def outfit():
    """A picture (3, H, W) of two rectangles, and what they are."""
    image = torch.full((3, HEIGHT, WIDTH), 220, dtype=torch.uint8)
    for (x_1, y_1, x_2, y_2), colour in zip(BOXES, (40, 120)):
        image[0, int(y_1) : int(y_2), int(x_1) : int(x_2)] = colour
    sample = DetDataSample(
        metainfo=dict(
            img_shape=(HEIGHT, WIDTH),
            ori_shape=(HEIGHT, WIDTH),
            scale_factor=(1.0, 1.0),
        )
    )
    sample.gt_instances = InstanceData(
        bboxes=torch.tensor(BOXES), labels=torch.tensor([0, 1])
    )
    sample.ignored_instances = InstanceData(
        bboxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.long)
    )
    return dict(inputs=[image], data_samples=[sample])


@pytest.mark.parametrize('config', CONFIGS, ids=lambda path: path.stem)
def test_configs_name_parts_that_exist(config):
    cfg = Config.fromfile(config)
    with DefaultScope.overwrite_default_scope('mmdet'):
        model = MODELS.build(cfg.model)
    assert model.bbox_head.num_classes == 3
    assert tuple(cfg.metainfo.classes) == ('upper', 'lower', 'full')


@pytest.fixture
def no_compiled_operators(monkeypatch):
    """Any call of one raises, also where the full mmcv is installed."""
    if stand_in_for_mmcv_ops():
        return
    import mmcv._ext as compiled

    def called(*args, **kwargs):
        raise AssertionError('a compiled operator of mmcv was called')

    for name in dir(compiled):
        if callable(getattr(compiled, name)) and not name.startswith('_'):
            monkeypatch.setattr(compiled, name, called)


def test_it_learns_a_drawn_outfit(detector, no_compiled_operators):
    """And finds it again; with mmcv-lite every compiled operator raises."""
    detector.train()
    detector.backbone._drop_connect_rate = 0.0
    optimizer = torch.optim.Adam(detector.parameters(), lr=2e-3)
    losses = []
    for _ in range(25):
        data = detector.data_preprocessor(outfit(), training=True)
        loss = sum(detector(**data, mode='loss').values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]
    detector.eval()
    # its running statistics have seen 25 pictures only
    detector.bbox_head.test_cfg.score_thr = 0.1
    with torch.no_grad():
        (found,) = detector.test_step(outfit())
    found = found.pred_instances
    for label, box in enumerate(BOXES):
        best = found.bboxes[found.labels == label][0]
        np.testing.assert_allclose(best, box, atol=8)


def test_a_batch_is_its_pictures_one_by_one(detector):
    detector.eval()
    detector.bbox_head.test_cfg.score_thr = 0.0
    one, two = outfit(), outfit()
    two['inputs'][0] = two['inputs'][0].flip(1)
    with torch.no_grad():
        alone = [detector.test_step(batch)[0] for batch in (one, two)]
        both = detector.test_step(
            dict(
                inputs=one['inputs'] + two['inputs'],
                data_samples=one['data_samples'] + two['data_samples'],
            )
        )
    for single, batched in zip(alone, both):
        torch.testing.assert_close(
            single.pred_instances.scores,
            batched.pred_instances.scores,
            atol=1e-5,
            rtol=1e-4,
        )


def test_what_is_ignored_changes_no_gradient(detector):
    """Of a picture without garments, ignored as a whole, nothing is learnt."""
    data = outfit()
    sample = data['data_samples'][0]
    everywhere = torch.tensor([[0.0, 0, WIDTH, HEIGHT]] * 3)
    sample.gt_instances = sample.gt_instances[:0]
    sample.ignored_instances = InstanceData(
        bboxes=everywhere, labels=torch.arange(3)
    )
    data = detector.data_preprocessor(data, training=True)
    losses = detector(**data, mode='loss')
    assert losses['loss_heat'] == 0
    assert losses['loss_box'] == 0
