"""FLD's raw lists: a count, the columns' names, then a row per picture."""

from pathlib import Path
from typing import List, Sequence

import numpy as np

from dfa_mm.structures import Visibility, has_position

from .sample import SynthSample

_FULL, _JOINTS = 8, 14


def image_name(index: int) -> str:
    """The name in the lists; ``index`` counts from 1."""
    return f'img/img_{index:08d}.jpg'


def _point_columns(kind: str, count: int) -> List[str]:
    return [
        f'{kind}_{part}_{i}'
        for i in range(1, count + 1)
        for part in ('visibility', 'location_x', 'location_y')
    ]


LANDMARK_COLUMNS = ['image_name', 'clothes_type', 'variation_type',
                    *_point_columns('landmark', _FULL)]  # fmt: skip
JOINT_COLUMNS = ['image_name', 'clothes_type', 'variation_type',
                 *_point_columns('joint', _JOINTS)]  # fmt: skip
BOX_COLUMNS = ['image_name', 'x_1', 'y_1', 'x_2', 'y_2']
SPLIT_COLUMNS = ['image_name', 'evaluation_status']


def _numbers(values: Sequence) -> str:
    return ' '.join(f'{int(value):03d}' for value in values)


def _points(codes: np.ndarray, points: np.ndarray, placed: np.ndarray) -> str:
    """Points without a position are written as zeros, as FLD does."""
    pixels = np.where(placed[:, None], np.round(points), 0)
    return '  '.join(
        f'{code} {_numbers(pixel)}' for code, pixel in zip(codes, pixels)
    )


def landmark_row(name: str, sample: SynthSample) -> str:
    placed = has_position(sample.visibility)
    points = _points(sample.visibility, sample.landmarks, placed)
    kinds = f'{sample.clothes_type}  {sample.variation_type}'
    return f'{name}  {kinds}  {points}'


def joint_row(name: str, sample: SynthSample) -> str:
    height, width = sample.image.shape[:2]
    pixel = np.round(sample.joints)
    placed = ((pixel >= 0) & (pixel < (width, height))).all(1)
    points = _points(sample.joint_visibility, pixel, placed)
    kinds = f'{sample.clothes_type}  {sample.variation_type}'
    return f'{name}  {kinds}  {points}'


def box_row(name: str, sample: SynthSample) -> str:
    return f'{name}  {_numbers(sample.bbox)}'


def write_list(path: Path, columns: List[str], rows: List[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = '\n'.join([str(len(rows)), ' '.join(columns), *rows]) + '\n'
    part = path.with_suffix('.part')
    part.write_text(text)
    part.replace(path)


def occlusion_shares(codes: np.ndarray) -> dict:
    """Share of each state among ``codes``, for a summary."""
    return {
        state.name.lower(): float(np.mean(codes == state))
        for state in Visibility
        if state != Visibility.ABSENT
    }
