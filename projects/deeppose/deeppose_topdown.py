"""DeepPose as the paper runs it (Fig. 3 b, App. A and B.2)."""

from typing import List, Optional, Sequence, Tuple

from mmpose.registry import MODELS
from mmpose.utils.typing import (
    ConfigType,
    OptConfigType,
    OptMultiConfig,
    SampleList,
)
from torch import Tensor, nn

from dfa_mm.models.pose_estimators.routing_topdown import (
    RoutingTopdownPoseEstimator,
    _merge,
)
from dfa_mm.models.stage_data import StageOutput, gather_targets

from .patch_stage import PatchStage


@MODELS.register_module()
class DeepPoseTopdownEstimator(RoutingTopdownPoseEstimator):
    """Stage 1 on the crop, then one network per landmark on a patch of it.

    The rival of the paper's cascade: 1 + K + K networks run on an image where
    the cascade runs three. Stages are trained, frozen, stored, evaluated and
    decoded as the cascade's are; there is nothing to route. Stage 1 is the
    cascade's without pseudo-labels, later ones are :class:`PatchStage`.

    Two things differ from the original (Toshev and Szegedy, CVPR 2014):
    patches are cut out of the crop that stage 1 sees, not out of the image,
    and every patch is the same share of the crop, as in the paper, where the
    original takes a multiple of the person's size.

    Args:
        backbone (dict): Of every network.
        head (dict): Of every network, for K = ``num_landmarks``.
        neck (dict, optional): Of every network.
        stages (list[dict]): Per stage what differs: arguments of
            :class:`CascadeStage` in the first, of :class:`PatchStage` in the
            later ones, overriding the three above.
        num_stages (int, optional): Build only the first so many stages.
            Defaults to all.
    """

    def __init__(
        self,
        backbone: ConfigType,
        head: ConfigType,
        neck: OptConfigType = None,
        stages: Sequence[dict] = ({}, {}, {}),
        num_stages: Optional[int] = None,
        train_cfg: OptConfigType = None,
        test_cfg: OptConfigType = None,
        data_preprocessor: OptConfigType = None,
        init_cfg: OptMultiConfig = None,
        metainfo: Optional[dict] = None,
    ) -> None:
        num_stages = len(stages) if num_stages is None else num_stages
        if not 1 <= num_stages <= len(stages):
            raise ValueError(
                f'num_stages is {num_stages}, but {len(stages)} stages are '
                'described'
            )
        super().__init__(
            backbone,
            head,
            neck,
            stages[:1],
            train_cfg=train_cfg,
            test_cfg=test_cfg,
            data_preprocessor=data_preprocessor,
            init_cfg=init_cfg,
            metainfo=metainfo,
        )
        shared = dict(backbone=backbone, head=head, neck=neck)
        self.stages.extend(
            PatchStage(**_merge(shared, stage))
            for stage in stages[1:num_stages]
        )
        self._freeze_finished_stages()

    def forward_stages(
        self, stages: Sequence[nn.Module], inputs: Tensor
    ) -> Tuple[List[StageOutput], None]:
        """Run the first stages on crops; there is no branch to choose.

        Returns:
            tuple: The output of every stage, and ``None``.
        """
        outputs, _ = super().forward_stages(stages[:1], inputs)
        for stage in stages[1:]:
            outputs.append(stage(inputs, outputs[-1].landmarks))
        return outputs, None

    def loss(self, inputs: Tensor, data_samples: SampleList) -> dict:
        """Losses of the stage in training, on the frozen stages' output."""
        finished = self.forward_finished(inputs)
        if not finished:
            return super().loss(inputs, data_samples)
        weights = self.trained_stage.branches[0].head.auxiliary_weights
        losses = {k: inputs.new_tensor(v) for k, v in weights.items()}
        losses.update(
            self.trained_stage.loss(
                inputs, finished[-1].landmarks, gather_targets(data_samples)
            )
        )
        return losses
