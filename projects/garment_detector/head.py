"""CenterNet's head with boxes learnt round the centres, and ignored garments.

No compiled operator of mmcv is called.
"""

from typing import List, Tuple

import torch
from mmdet.models.dense_heads import CenterNetHead
from mmdet.registry import MODELS
from mmdet.utils import InstanceList
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData
from torch import Tensor
from torchvision.ops import nms

from dfa_mm.models.weights import check_part

from .targets import Targets, garment_targets

# Cells; raw outputs of 0 mean a garment of this size.
_SCALE = 8.0
_LARGEST = 4.0  # of the raw logarithm of the size, 437 cells


@MODELS.register_module()
class GarmentHead(CenterNetHead):
    """CenterNetHead that differs in three things.

    - Sizes and offsets are learnt by the IoU of the box, in all cells round a
      garment's centre (TTFNet, Liu et al., AAAI 2020): many times faster
      than by L1 in one cell. Sizes are exponentials.
    - ``batch_gt_instances_ignore``, with types, are neither right nor wrong.
    - Predictions below ``test_cfg.score_thr`` are left out, and so is the
      lesser of two that overlap by more than ``test_cfg.iou_thr``, of
      whatever type: a garment has one.

    It refuses a checkpoint without it; MMDetection would predict at random.
    """

    def _load_from_state_dict(self, state_dict, prefix, *args) -> None:
        if prefix:  # of a detector, whoever loads it
            check_part(self, state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *args)

    def forward_single(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        heat, sizes, offsets = super().forward_single(x)
        # CenterNet's top-k views the map
        heat = heat.contiguous()
        sizes = _SCALE * sizes.clamp(max=_LARGEST).exp()
        return heat, sizes, _SCALE * offsets

    def loss_by_feat(
        self,
        center_heatmap_preds: List[Tensor],
        wh_preds: List[Tensor],
        offset_preds: List[Tensor],
        batch_gt_instances: InstanceList,
        batch_img_metas: List[dict],
        batch_gt_instances_ignore: InstanceList,
    ) -> dict:
        heat, sizes, offsets = (
            maps[0] for maps in (center_heatmap_preds, wh_preds, offset_preds)
        )
        targets = _batch_targets(
            heat,
            batch_img_metas[0]['batch_input_shape'],
            batch_gt_instances,
            batch_gt_instances_ignore,
        )
        garments = max(1, sum(len(true) for true in batch_gt_instances))
        loss_heat = self.loss_center_heatmap(
            heat,
            targets.heat,
            weight=targets.heat_weight,
            avg_factor=garments,
        )
        inside = targets.box_weight > 0
        loss_box = self.loss_wh(
            cell_boxes(sizes, offsets).permute(0, 2, 3, 1)[inside],
            targets.boxes.permute(0, 2, 3, 1)[inside],
            targets.box_weight[inside],
            avg_factor=garments,
        )
        return dict(loss_heat=loss_heat, loss_box=loss_box)

    def _predict_by_feat_single(
        self,
        center_heatmap_pred: Tensor,
        wh_pred: Tensor,
        offset_pred: Tensor,
        img_meta: dict,
        rescale: bool = True,
        with_nms: bool = False,
    ) -> InstanceData:
        # pictures are padded to the right and below only
        meta = {**img_meta, 'border': (0, 0, 0, 0)}
        found = super()._predict_by_feat_single(
            center_heatmap_pred, wh_pred, offset_pred, meta, rescale, False
        )
        found = without_doubles(found, self.test_cfg)
        if rescale:
            height, width = img_meta['ori_shape'][:2]
            found.bboxes[:, 0::2].clamp_(0, width)
            found.bboxes[:, 1::2].clamp_(0, height)
        return found


def _batch_targets(
    heat: Tensor,
    input_shape: Tuple[int, int],
    batch_garments: InstanceList,
    batch_ignored: InstanceList,
) -> Targets:
    """Targets of every picture, stacked, for maps as ``heat`` (B, C, H, W)."""
    (height, width), (rows, columns) = input_shape, heat.shape[2:]
    cell = heat.new_tensor([width / columns, height / rows] * 2)
    each = [
        garment_targets(
            garments.bboxes / cell,
            garments.labels,
            ignored.bboxes / cell,
            ignored.labels,
            heat.shape[1:],
        )
        for garments, ignored in zip(batch_garments, batch_ignored)
    ]
    return Targets(*map(torch.stack, zip(*each)))


def cell_boxes(sizes: Tensor, offsets: Tensor) -> Tensor:
    """What every cell says of its garment's box, as CenterNet decodes it.

    Args:
        sizes (Tensor), offsets (Tensor): (B, 2, H, W), in cells; a garment's
            centre is the cell's index plus its offset.

    Returns:
        Tensor: (B, 4, H, W): x1, y1, x2, y2 in cells.
    """
    rows, columns = (
        torch.arange(n, device=sizes.device) for n in sizes.shape[2:]
    )
    cells = torch.stack(torch.meshgrid(columns, rows, indexing='xy'))
    centres = cells + offsets
    return torch.cat([centres - sizes / 2, centres + sizes / 2], 1)


def without_doubles(found: InstanceData, cfg: ConfigDict) -> InstanceData:
    """Those above ``score_thr``, best first, none twice."""
    found = found[found.scores > cfg.score_thr]
    return found[nms(found.bboxes, found.scores, cfg.iou_thr)]
