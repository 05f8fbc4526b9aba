"""Garments in a picture: where, of what type, how surely.

from projects.garment_detector.find import find_garments, load_detector

detector = load_detector()
garments = find_garments(image, detector)  # BGR, as cv2 reads it
"""

from pathlib import Path
from typing import List, NamedTuple, Optional, Union

import numpy as np
from mmdet.apis import inference_detector, init_detector
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope

import projects.garment_detector  # noqa: F401  registers the model's parts
from dfa_mm.apis import can_show, kept_scope
from dfa_mm.engine.checkpoints import check_fits, read_checkpoint, state_of
from dfa_mm.models.weights import naming

HERE = Path(__file__).parent
CONFIG = HERE / 'garment_detector.py'


class Garments(NamedTuple):
    """N garments, the surest first; N is 0 where nobody wears any.

    ``boxes`` (N, 4) are x1, y1, x2, y2 in pixels of the picture, ``types``
    N of ``upper``, ``lower`` and ``full``, ``scores`` (N,) from 0 to 1.
    """

    boxes: np.ndarray
    types: List[str]
    scores: np.ndarray


def shipped_checkpoint() -> Path:
    """The one checkpoint beside this file.

    Raises:
        FileNotFoundError: If there is none, or more than one.
    """
    found = sorted(HERE.glob('garment_detector-*.pth'))
    if len(found) != 1:
        raise FileNotFoundError(
            f'{HERE} holds {len(found)} files garment_detector-*.pth, '
            'expected one: get the project again'
        )
    return found[0]


def load_detector(
    config: Union[str, Path] = CONFIG,
    checkpoint: Optional[Union[str, Path]] = None,
    device: str = 'cpu',
    score_thr: Optional[float] = None,
) -> BaseModel:
    """The shipped detector, or another of this project.

    Args:
        score_thr (float, optional): Least score of a garment, in place of
            the config's.

    Raises:
        FileNotFoundError: If there is no such file.
        CheckpointMismatchError: If the checkpoint is none, or of another
            model.
    """
    checkpoint = str(checkpoint or shipped_checkpoint())
    content = read_checkpoint(checkpoint)
    options = {}
    if score_thr is not None:
        options['model.test_cfg.score_thr'] = score_thr
    with kept_scope(), naming(checkpoint):
        detector = init_detector(
            str(config), checkpoint, device=device, cfg_options=options
        )
    check_fits(detector, state_of(content), checkpoint)
    return detector


def find_garments(image: np.ndarray, detector: BaseModel) -> Garments:
    """All garments of a picture (H, W, 3), uint8, BGR.

    None in one that is so thin that nothing is left of its shorter side.
    """
    if not can_show(image):
        return Garments(np.zeros((0, 4), np.float32), [], np.zeros(0))
    with DefaultScope.overwrite_default_scope('mmdet'):
        sample = inference_detector(detector, image)
    found = sample.pred_instances.cpu()
    classes = detector.dataset_meta['classes']
    return Garments(
        found.bboxes.numpy(),
        [classes[label] for label in found.labels],
        found.scores.numpy(),
    )
