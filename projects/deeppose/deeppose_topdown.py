"""DeepPose as the paper runs it (Fig. 3 b, App. A and B.2)."""

from mmengine.model import BaseModule
from mmpose.registry import MODELS

from dfa_mm.models.pose_estimators import (
    CascadeStage,
    RoutingTopdownPoseEstimator,
)
from dfa_mm.models.pose_estimators.stage_configs import resolve_stage

from .patch_stage import PatchStage


@MODELS.register_module()
class DeepPoseTopdownEstimator(RoutingTopdownPoseEstimator):
    """Stage 1 on the crop, then one network per landmark on a patch of it.

    The rival of the paper's cascade: 1 + K + K networks run on an image where
    the cascade runs three. Stages are trained, frozen, stored, evaluated and
    decoded as the cascade's are; there is nothing to route. Stage 1 is the
    cascade's without pseudo-labels, later ones are :class:`PatchStage`, of
    whose arguments ``stages`` tells what differs.

    Two things differ from the original (Toshev and Szegedy, CVPR 2014):
    patches are cut out of the crop that stage 1 sees, not out of the image,
    and every patch is the same share of the crop, as in the paper, where the
    original takes a multiple of the person's size.
    """

    def _build_stage(self, shared: dict, own: dict, number: int) -> BaseModule:
        # in its patch every network is a first stage
        config = resolve_stage(shared, own, number, refine=False)
        return CascadeStage(**config) if number == 1 else PatchStage(**config)
