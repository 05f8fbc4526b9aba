"""The whole cascade as one top-down estimator (paper, Sect. 3, Fig. 3)."""

from typing import List, Optional, Sequence, Tuple

import torch
from mmengine.model import BaseModel, BaseModule, ModuleList
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType, SampleList
from torch import Tensor, nn

from dfa_mm.models.routers import EASY_BRANCH, ErrorRouter
from dfa_mm.models.stage_data import StageInput, StageOutput, gather_targets
from dfa_mm.models.visibility_calibration import VisibilityCalibration

from .cascade_stage import CascadeStage, StageNetwork
from .checked_weights import CheckedWeights
from .instances import to_instances
from .stage_configs import needs_router, resolve_stage

ROUTINGS = ('route', 'average')


@MODELS.register_module()
class RoutingTopdownPoseEstimator(CheckedWeights, TopdownPoseEstimator):
    """Stages in order; of the last stage's branches only one is run.

    Every stage sees the whole crop. Only the last stage is trained; the ones
    before are frozen. Where a stage has two branches, the pseudo-label
    predicted by the stage before sends each sample to one of them (Eq. 2).

    Args:
        backbone (dict), head (dict), neck (dict, optional): Of every network.
        stages (list[dict]): Per stage what differs, see
            :func:`resolve_stage`.
        num_stages (int, optional): Build only the first so many stages.
        routing (str): ``route``, or ``average`` to run both branches on every
            sample and average them (the ablation "+two-branch").
        router (dict, optional): Arguments of :class:`ErrorRouter`.
        train_cfg (dict, optional): Not read; MMPose's ``init_model`` gives it.
        test_cfg (dict, optional): ``flip_test``: whether every crop is also
            looked at mirrored.
    """

    def __init__(
        self,
        backbone: OptConfigType,
        head: ConfigType,
        neck: OptConfigType = None,
        stages: Sequence[dict] = ({},),
        num_stages: Optional[int] = None,
        routing: str = 'route',
        router: OptConfigType = None,
        train_cfg: OptConfigType = None,
        test_cfg: OptConfigType = None,
        data_preprocessor: OptConfigType = None,
    ) -> None:
        # The parent would build one backbone and one head.
        BaseModel.__init__(self, data_preprocessor)
        if routing not in ROUTINGS:
            raise ValueError(f'routing {routing!r} is not one of {ROUTINGS}')
        num_stages = len(stages) if num_stages is None else num_stages
        if not 1 <= num_stages <= len(stages):
            raise ValueError(
                f'num_stages is {num_stages}, but {len(stages)} stages are '
                'described'
            )
        self.metainfo = None  # MMPose's forward asks for it
        self.test_cfg = test_cfg or {}
        stages = stages[:num_stages]
        shared = dict(backbone=backbone, head=head, neck=neck)
        self.stages = ModuleList(
            self._build_stage(shared, own, number)
            for number, own in enumerate(stages, start=1)
        )
        self.visibility_calibrations = ModuleList(
            VisibilityCalibration() for _ in self.stages
        )
        # only where it is asked: a later stage must not load its threshold
        self.router = None
        if routing == 'route' and needs_router(stages):
            self.router = ErrorRouter(**(router or {}))
        self.finished_stages.eval()
        self.finished_stages.requires_grad_(False)

    def _build_stage(self, shared: dict, own: dict, number: int) -> BaseModule:
        config = resolve_stage(shared, own, number, refine=number > 1)
        return CascadeStage(**config)

    @property
    def trained_stage(self) -> CascadeStage:
        return self.stages[-1]

    @property
    def finished_stages(self) -> ModuleList:
        return self.stages[:-1]

    def train(self, mode: bool = True) -> 'RoutingTopdownPoseEstimator':
        super().train(mode)
        self.finished_stages.eval()
        return self

    def trunk_of(
        self, network: StageNetwork
    ) -> Tuple[nn.Module, Optional[nn.Module]]:
        """Backbone and neck before the head of one of its networks."""
        return network.backbone, network.neck

    def look(
        self, inputs: Tensor, data_samples: Optional[SampleList]
    ) -> StageInput:
        """What every stage reads of crops (B, 3, H, W): the crops."""
        return inputs

    def forward_stages(
        self, stages: Sequence[CascadeStage], inputs: StageInput
    ) -> Tuple[List[StageOutput], Optional[Tensor]]:
        """Run the first stages on what :meth:`look` gives.

        Returns:
            tuple: The output of every stage, and the branch (B,) of each
            sample in the last one, ``None`` where it has no choice.
        """
        outputs, route = [], None
        for i, stage in enumerate(stages):
            previous = outputs[-1] if outputs else None
            route = self.route(i, outputs)
            outputs.append(stage(inputs, previous, route))
        return outputs, route

    def route(
        self, stage: int, outputs: Sequence[StageOutput]
    ) -> Optional[Tensor]:
        """Branch (B,) that each sample takes in a stage, if it has to."""
        if self.router is None or len(self.stages[stage].branches) == 1:
            return None
        errors = self.stages[stage - 1].pseudo_label.errors
        return self.router(outputs[-1].pseudo_label, errors)

    @torch.no_grad()
    def forward_finished(self, inputs: StageInput) -> List[StageOutput]:
        """Outputs of the frozen stages before the one in training."""
        return self.forward_stages(self.finished_stages, inputs)[0]

    def loss(self, inputs: Tensor, data_samples: SampleList) -> dict:
        """Losses of the stage in training, of both branches if it has two."""
        self.mark_trained()
        # of the weights as they were
        self.visibility_calibrations[-1].reset()
        targets = gather_targets(data_samples)
        seen = self.look(inputs, data_samples)
        finished = self.forward_finished(seen)
        previous = finished[-1] if finished else None
        route = self.route(len(self.stages) - 1, finished)
        weights = self.trained_stage.branches[0].head.auxiliary_weights
        losses = {k: inputs.new_tensor(v) for k, v in weights.items()}
        losses.update(self.trained_stage.loss(seen, previous, targets, route))
        if route is not None:
            losses['easy_share'] = (route == EASY_BRANCH).float().mean()
            losses['routing_threshold'] = self.router.threshold.clone()
        return losses

    def set_auxiliary_weights(self, alpha: float, beta: float) -> None:
        """alpha(t) and beta(t) of Eq. 3 for the stage in training."""
        for branch in self.trained_stage.branches:
            branch.head.auxiliary_weights.update(alpha=alpha, beta=beta)

    def predict(self, inputs: Tensor, data_samples: SampleList) -> SampleList:
        """``pred_instances`` in image pixels, see :func:`to_instances`."""
        self.check_loaded()
        seen = self.look(inputs, data_samples)
        outputs, route = self.forward_stages(self.stages, seen)
        if self.test_cfg.get('flip_test', False):
            flip_indices = data_samples[0].metainfo['flip_indices']
            mirrored = self.look(inputs.flip(-1), data_samples)
            outputs = self._with_mirrored(outputs, mirrored, flip_indices)
        decoder = self.trained_stage.branches[0].head.decoder
        found = to_instances(
            outputs, route, decoder, data_samples, self.visibility_calibrations
        )
        for sample, instances in zip(data_samples, found):
            sample.pred_instances = instances
        return data_samples

    def _with_mirrored(
        self,
        outputs: Sequence[StageOutput],
        mirrored: StageInput,
        flip_indices: Sequence[int],
    ) -> List[StageOutput]:
        """Each stage's mean with its output for the mirrored crops."""
        others, _ = self.forward_stages(self.stages, mirrored)
        heads = [stage.branches[0].head for stage in self.stages]
        return [
            head.average([output, head.mirror(other, flip_indices)])
            for head, output, other in zip(heads, outputs, others)
        ]

    def _forward(
        self, inputs: Tensor, data_samples: SampleList = None
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Raw landmarks, visibility logits and pseudo-label."""
        seen = self.look(inputs, data_samples)
        output = self.forward_stages(self.stages, seen)[0][-1]
        return output.landmarks, output.visibility, output.pseudo_label
