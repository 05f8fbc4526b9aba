"""What the detector's maps should show, as pure functions.

Boxes are x1, y1, x2, y2 in cells of the map: cell i spans [i, i + 1).
Gaussians are TTFNet's (Liu et al., AAAI 2020): as wide and as high as the
garment, cut off where they end.
"""

from typing import NamedTuple, Tuple

import torch
from torch import Tensor

# Of the garment's half width and height, TTFNet's alpha.
_REACH = 0.54


class Targets(NamedTuple):
    """One picture's.

    ``heat`` (C, H, W) is 1 at garments' centres, ``heat_weight`` (C, H, W)
    is 0 where nobody knows, ``boxes`` (4, H, W) are those of the garment a
    cell belongs to, ``box_weight`` (H, W) sums to 1 over each garment.
    """

    heat: Tensor
    heat_weight: Tensor
    boxes: Tensor
    box_weight: Tensor


def garment_targets(
    boxes: Tensor,
    labels: Tensor,
    ignored_boxes: Tensor,
    ignored_labels: Tensor,
    shape: Tuple[int, int, int],
) -> Targets:
    """Targets of one picture for maps of ``shape`` (C, H, W).

    Where garments overlap a cell belongs to the smallest. Inside an ignored
    box its type is neither right nor wrong, but round garments' centres.
    """
    heat = boxes.new_zeros(shape)
    cells = boxes.new_zeros((4, *shape[1:]))
    weight = boxes.new_zeros(shape[1:])
    sizes = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    for i in sizes.argsort(descending=True):
        bump = gaussian(boxes[i], shape[1:])
        heat[labels[i]] = torch.maximum(heat[labels[i]], bump)
        inside = bump > 0
        cells[:, inside] = boxes[i][:, None]
        weight[inside] = bump[inside] / bump.sum()
    known = torch.ones_like(heat)
    for box, label in zip(ignored_boxes, ignored_labels):
        rows, columns = _rows_and_columns(box, shape[1:])
        known[label, rows, columns] = 0
    known[heat > 0] = 1
    return Targets(heat, known, cells, weight)


def gaussian(box: Tensor, shape: Tuple[int, int]) -> Tensor:
    """(H, W), 1 in the cell of the box's centre, 0 beyond three sigma."""
    centre = (box[:2] + box[2:]) / 2
    radius = ((box[2:] - box[:2]) / 2 * _REACH).floor()
    sigma = (2 * radius + 1) / 6
    parts = []
    for axis, length in enumerate((shape[1], shape[0])):
        middle = centre[axis].floor().clamp(0, length - 1)
        far = torch.arange(length, device=box.device) - middle
        part = torch.exp(-(far**2) / (2 * sigma[axis] ** 2))
        parts.append(part * (far.abs() <= radius[axis]))
    return parts[1][:, None] * parts[0][None]


def _rows_and_columns(box: Tensor, shape: Tuple[int, int]):
    x_1, y_1 = (int(v) for v in box[:2].floor().clamp(min=0))
    x_2, y_2 = (int(v) for v in box[2:].ceil())
    return slice(y_1, min(y_2, shape[0])), slice(x_1, min(x_2, shape[1]))
