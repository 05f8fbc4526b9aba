"""Small pictures of one garment each, and sheets of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Optional

import cv2
import numpy as np

from dfa_mm.structures import Visibility, has_position
from dfa_mm.visualization import crop_round_box, draw_errors, draw_landmarks
from dfa_mm.visualization.text import with_title

_JPEG_QUALITY = 88


def mark(
    picture: np.ndarray,
    landmarks: np.ndarray,
    states: np.ndarray,
    meta: dict,
    truth: Optional[np.ndarray] = None,
    known: Optional[np.ndarray] = None,
    title: str = '',
) -> np.ndarray:
    """A small picture with landmarks on it.

    Args:
        picture (np.ndarray): (H, W, 3) uint8 RGB; is not changed.
        landmarks (np.ndarray): (K, 2) in its pixels.
        states (np.ndarray): (K,) visibility codes, as they are drawn.
        meta (dict): The set's parsed meta.
        truth (np.ndarray, optional): (K, 2); crosses, and lines to them from
            the landmarks.
        known (np.ndarray, optional): (K,) bool, which landmarks have one.
        title (str): Above it.
    """
    if truth is not None:
        picture = draw_errors(picture, landmarks, truth, known)
    drawn = draw_landmarks(picture, landmarks, states, meta, note=False)
    return with_title(drawn, title) if title else drawn


def truth_tile(sample, meta: dict, size: int) -> np.ndarray:
    picture, place = garment(sample, size)
    landmarks = place(true_landmarks(sample))
    return mark(picture, landmarks, true_states(sample), meta, title='truth')


def predicted_tile(sample, meta: dict, size: int, title: str) -> np.ndarray:
    """Predicted landmarks with their lines to the truth."""
    picture, place = garment(sample, size)
    return mark(
        picture,
        place(sample.pred_instances.keypoints[0]),
        predicted_states(sample),
        meta,
        place(true_landmarks(sample)),
        has_position(true_states(sample)),
        title,
    )


def garment(sample, size: int) -> tuple[np.ndarray, Callable]:
    """The garment of a data sample.

    Returns:
        tuple: RGB uint8 whose long side is ``size``, and a function from
        pixels of the whole picture, (K, 2), to its own.
    """
    image = cv2.imread(sample.metainfo['img_path'])
    if image is None:
        raise FileNotFoundError(
            f'{sample.metainfo["img_path"]} cannot be read as a picture'
        )
    box = sample.gt_instances.bboxes[0]
    part, origin, scale = crop_round_box(image[..., ::-1].copy(), box, size)
    return part, lambda points: (np.asarray(points, float) - origin) * scale


def true_landmarks(sample) -> np.ndarray:
    """(K, 2) in pixels of the picture."""
    return np.asarray(sample.gt_instances.keypoints[0])


def true_states(sample) -> np.ndarray:
    """(K,) visibility codes; absent slots are negative."""
    return np.asarray(sample.gt_instances.landmark_visibility[0])


def predicted_states(sample) -> np.ndarray:
    """(K,); visible where nothing is predicted, absent slots as in truth."""
    truth = true_states(sample)
    found = sample.pred_instances.get('landmark_visibility')
    found = np.full(len(truth), Visibility.VISIBLE) if found is None else found
    return np.where(truth < 0, truth, np.asarray(found).reshape(-1))


def mean_error(sample) -> Optional[float]:
    """Mean distance as a share of the box's long side; None without any."""
    x1, y1, x2, y2 = sample.gt_instances.bboxes[0]
    known = has_position(true_states(sample))
    if not known.any():
        return None
    landmarks = np.asarray(sample.pred_instances.keypoints[0])
    far = np.linalg.norm(landmarks - true_landmarks(sample), axis=-1)
    return float(far[known].mean() / max(x2 - x1, y2 - y1))


def write_jpeg(path: Path, sheet: np.ndarray) -> None:
    """An RGB picture; folders are created.

    Raises:
        OSError: If it cannot be written, of which OpenCV says nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    if not cv2.imwrite(str(path), sheet[..., ::-1], quality):
        raise OSError(f'{path} cannot be written')
