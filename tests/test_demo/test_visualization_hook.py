"""PoseVisualizationHook draws a cascade's predictions in val and test."""

import cv2
import numpy as np
import pytest
from mmengine.config import Config
from mmengine.runner import Runner

from dfa_mm.structures import FLD_SETS

META = FLD_SETS['all'].metainfo()
GARMENTS = 3  # a tenth of the 30 in either split


@pytest.fixture
def run(cascade, tmp_path, request):
    """Runs ``test`` or ``val`` with pictures of every batch."""

    def run(phase, show_stages=False, **hook):
        cfg = Config.fromfile(cascade.config)
        cfg.work_dir = str(tmp_path)
        cfg.load_from = cascade.checkpoint
        cfg.default_hooks.visualization.update(enable=True, interval=1, **hook)
        # MMEngine keeps one instance per name
        cfg.visualizer.update(
            name=request.node.nodeid, show_stages=show_stages
        )
        for loader in (cfg.val_dataloader, cfg.test_dataloader):
            loader.batch_size = 2
        cfg.experiment_name = request.node.name
        runner = Runner.from_cfg(cfg)
        getattr(runner, phase)()
        return tmp_path / runner.timestamp

    return run


def has_marks(drawn):
    """Whether both sides' colours are there."""
    left, right = META['keypoint_colors'][:2]
    return all(
        (np.abs(drawn[..., ::-1].astype(int) - color).max(axis=-1) < 60).any()
        for color in (left, right)
    )


def test_in_test_every_garment_is_written(run):
    files = sorted((run('test', out_dir='drawn') / 'drawn').iterdir())
    assert len(files) == GARMENTS
    for file in files:
        drawn = cv2.imread(str(file))
        assert max(drawn.shape) == 128
        assert has_marks(drawn)


def test_in_val_the_first_of_every_batch_goes_to_the_backend(run):
    folder = run('val') / 'vis_data/vis_image'
    files = sorted(file.name for file in folder.iterdir())
    assert files == ['val_img_0.png', 'val_img_1.png']
    assert all(has_marks(cv2.imread(str(folder / file))) for file in files)


def test_stages_side_by_side(run, fld_root):
    (first, *_) = sorted(
        (run('test', show_stages=True, out_dir='drawn') / 'drawn').iterdir()
    )
    name = f'{first.stem[: len("img_00000000")]}.jpg'
    image = cv2.imread(str(fld_root / 'img' / name))
    height, width = image.shape[:2]
    drawn = cv2.imread(str(first))
    assert drawn.shape == (height, 3 * width, 3)
    assert has_marks(drawn[:, :width])
    assert has_marks(drawn[:, -width:])
