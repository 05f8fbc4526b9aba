import importlib.util
import os
import pickle
import sys
from types import ModuleType

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer, MessageHub

from dfa_mm import compat


@pytest.fixture
def no_extension(monkeypatch):
    """As before dfa_mm was imported, with mmcv-lite."""
    monkeypatch.delitem(sys.modules, 'mmcv._ext', raising=False)
    monkeypatch.setattr(importlib.util, 'find_spec', lambda name: None)


def test_stand_in_is_installed_once(no_extension):
    compat.stand_in_for_mmcv_ops()
    first = sys.modules['mmcv._ext']
    compat.stand_in_for_mmcv_ops()
    assert sys.modules['mmcv._ext'] is first


def test_missing_operator_raises_only_when_called(no_extension):
    compat.stand_in_for_mmcv_ops()
    operator = sys.modules['mmcv._ext'].deform_conv_forward
    with pytest.raises(compat.MissingOpsError, match='deform_conv_forward'):
        operator(1, out=2)
    # Python's own probes must not find a function
    assert not hasattr(sys.modules['mmcv._ext'], '__path__')


def test_full_mmcv_on_disk_is_left_untouched(no_extension, monkeypatch):
    monkeypatch.setattr(importlib.util, 'find_spec', lambda name: object())
    compat.stand_in_for_mmcv_ops()
    assert 'mmcv._ext' not in sys.modules


def test_imported_full_mmcv_is_left_untouched(no_extension, monkeypatch):
    compiled = ModuleType('mmcv._ext')
    monkeypatch.setitem(sys.modules, 'mmcv._ext', compiled)
    compat.stand_in_for_mmcv_ops()
    assert sys.modules['mmcv._ext'] is compiled


@pytest.fixture
def no_xtcocotools(monkeypatch):
    """As before dfa_mm was imported, without xtcocotools."""
    for name in ('coco', 'cocoeval', 'mask', '_mask'):
        monkeypatch.delitem(sys.modules, f'xtcocotools.{name}', raising=False)
    monkeypatch.setitem(sys.modules, 'xtcocotools', None)
    # what the stand-in leaves there goes again
    for name in ('coco', 'cocoeval', 'mask'):
        monkeypatch.setitem(sys.modules, f'xtcocotools.{name}', None)
    compat.stand_in_for_xtcocotools()


def keypoint(x, **fields):
    """One landmark at (x, 4), of a garment of 2500 square pixels."""
    fields = dict(image_id=1, category_id=1, keypoints=[x, 4, 2], **fields)
    return dict(fields, area=2500, bbox=[0, 0, 50, 50], num_keypoints=1)


def test_another_tool_evaluates_keypoints_in_its_place(no_xtcocotools):
    from xtcocotools.coco import COCO
    from xtcocotools.cocoeval import COCOeval

    truth = COCO()
    truth.dataset = dict(
        images=[dict(id=1)],
        categories=[dict(id=1)],
        annotations=[keypoint(3, id=1, iscrowd=0)],
    )
    truth.createIndex()
    evaluation = COCOeval(
        truth, truth.loadRes([keypoint(8, score=1)]), 'keypoints', [0.05]
    )
    evaluation.evaluate()
    # 5 px off, sigma 0.05: exp(-5^2 / (2 * 2500 * (2 * 0.05)^2))
    assert evaluation.ious[1, 1].item() == pytest.approx(np.exp(-0.5))
    evaluation.accumulate()
    evaluation.summarize()
    # 0.607 passes three of the ten thresholds .5, .55, ... .95
    assert evaluation.stats[0] == pytest.approx(0.3)


def test_what_it_alone_can_do_is_refused(no_xtcocotools):
    from xtcocotools.cocoeval import COCOeval

    with pytest.raises(NotImplementedError, match='pip install xtcocotools'):
        COCOeval(None, None, 'keypoints_crowd')
    with pytest.raises(NotImplementedError, match='use_area=False'):
        COCOeval(None, None, 'keypoints', [0.05], use_area=False)


def test_it_is_used_where_it_is(monkeypatch):
    mask = ModuleType('xtcocotools.mask')
    monkeypatch.setitem(sys.modules, 'xtcocotools', ModuleType('xtcocotools'))
    monkeypatch.setitem(sys.modules, 'xtcocotools.mask', mask)
    compat.stand_in_for_xtcocotools()
    assert sys.modules['xtcocotools.mask'] is mask


@pytest.mark.parametrize('name', compat.STATISTICS)
def test_history_statistic_finds_the_statistics(name):
    method = compat.history_statistic(HistoryBuffer, name)
    assert method is getattr(HistoryBuffer, name)


@pytest.mark.parametrize(
    ('owner', 'name'),
    [(HistoryBuffer, '__init__'), (HistoryBuffer, 'update'), (os, 'system')],
)
def test_history_statistic_refuses_anything_else(owner, name):
    with pytest.raises(pickle.UnpicklingError, match=name):
        compat.history_statistic(owner, name)


@pytest.fixture
def forgotten_globals():
    """Nothing allowed, as in a process without dfa_mm."""
    allowed = torch.serialization.get_safe_globals()
    torch.serialization.clear_safe_globals()
    yield
    torch.serialization.clear_safe_globals()
    torch.serialization.add_safe_globals(allowed)


@pytest.fixture
def checkpoint(tmp_path):
    """What MMEngine's CheckpointHook saves besides weights."""
    hub = MessageHub(name='compat')
    for loss in (4.0, 2.0):
        hub.update_scalar('train/loss', loss)
    hub.update_info('best', np.float64(0.25))
    hub.update_info('curve', np.arange(3, dtype=np.float32))
    path = tmp_path / 'epoch_1.pth'
    torch.save(dict(message_hub=hub.state_dict()), path)
    return path


def test_mmengine_checkpoint_loads_under_weights_only(
    checkpoint, forgotten_globals
):
    with pytest.raises(pickle.UnpicklingError):
        torch.load(checkpoint, weights_only=True)
    compat.allow_mmengine_checkpoints()
    compat.allow_mmengine_checkpoints()
    hub = torch.load(checkpoint, weights_only=True)['message_hub']
    history = hub['log_scalars']['train/loss']
    # (4 + 2) / 2 over the window of two
    assert history.mean(2) == 3.0
    assert history.statistics('min', 2) == 2.0
    assert hub['runtime_info']['best'] == 0.25
    assert hub['runtime_info']['curve'].tolist() == [0, 1, 2]


class _Call:
    """Unpickles to a call of ``function``."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def _payloads(victim):
    command = f'touch {victim}'
    return dict(
        system=_Call(os.system, command),
        getattr_of_a_module=_Call(getattr, HistoryBuffer, '__subclasses__'),
        eval=_Call(eval, f'open({str(victim)!r}, "w")'),
    )


@pytest.mark.parametrize('kind', ['system', 'getattr_of_a_module', 'eval'])
def test_malicious_checkpoint_is_refused(tmp_path, kind):
    compat.apply()
    victim = tmp_path / 'victim'
    path = tmp_path / 'bad.pth'
    torch.save(dict(meta=_payloads(victim)[kind]), path)
    with pytest.raises(pickle.UnpicklingError):
        torch.load(path, weights_only=True)
    assert not victim.exists()
