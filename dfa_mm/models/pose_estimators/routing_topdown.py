"""The whole cascade as one top-down estimator (paper, Sect. 3, Fig. 3)."""

from copy import deepcopy
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch
from mmengine.model import BaseModel, ModuleList
from mmengine.structures import InstanceData
from mmpose.models.pose_estimators import TopdownPoseEstimator
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from mmpose.utils.typing import (
    ConfigType,
    OptConfigType,
    OptMultiConfig,
    SampleList,
)
from torch import Tensor, nn

from dfa_mm.models.routers import EASY_BRANCH, ErrorRouter
from dfa_mm.models.stage_data import (
    StageOutput,
    StageTargets,
    gather_targets,
    merge,
    pick,
)
from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

from .cascade_stage import CascadeStage
from .pairing import check_pairings

ROUTINGS = ('route', 'average')


@MODELS.register_module()
class RoutingTopdownPoseEstimator(TopdownPoseEstimator):
    """Stages in order; of the last stage's branches only one is run.

    Every stage sees the whole crop. Only the last stage is trained; the ones
    before are frozen. Where a stage has two branches, the pseudo-label
    predicted by the stage before sends each sample to one of them (Eq. 2).

    Args:
        backbone (dict): Of every network.
        head (dict): Of every network; what depends on the stage is filled in.
        neck (dict, optional): Of every network.
        stages (list[dict]): Per stage what differs: arguments of
            :class:`CascadeStage`, overriding the three above.
        num_stages (int, optional): Build only the first so many stages.
            Defaults to all.
        routing (str): ``route``, or ``average`` to run both branches on every
            sample and average them (the ablation "+two-branch").
        router (dict, optional): Arguments of :class:`ErrorRouter`.

    Raises:
        PairingError: If backbone, neck and head do not fit each other.
    """

    def __init__(
        self,
        backbone: ConfigType,
        head: ConfigType,
        neck: OptConfigType = None,
        stages: Sequence[dict] = ({},),
        num_stages: Optional[int] = None,
        routing: str = 'route',
        router: OptConfigType = None,
        train_cfg: OptConfigType = None,
        test_cfg: OptConfigType = None,
        data_preprocessor: OptConfigType = None,
        init_cfg: OptMultiConfig = None,
        metainfo: Optional[dict] = None,
    ) -> None:
        # The parent would build one backbone and one head.
        BaseModel.__init__(self, data_preprocessor, init_cfg)
        if routing not in ROUTINGS:
            raise ValueError(f'routing {routing!r} is not one of {ROUTINGS}')
        num_stages = len(stages) if num_stages is None else num_stages
        if not 1 <= num_stages <= len(stages):
            raise ValueError(
                f'num_stages is {num_stages}, but {len(stages)} stages are '
                'described'
            )
        self.metainfo = self._load_metainfo(metainfo)
        self.train_cfg = train_cfg or {}
        self.test_cfg = test_cfg or {}
        self.routing = routing
        shared = dict(backbone=backbone, head=head, neck=neck)
        parts = [_merge(shared, stage) for stage in stages[:num_stages]]
        self.stages = ModuleList(
            CascadeStage(refine=i > 0, **part) for i, part in enumerate(parts)
        )
        check_pairings(self.stages, parts)
        # only where it is asked: a later stage must not load its threshold
        self.router = None
        if routing == 'route' and any(
            len(s.branches) > 1 for s in self.stages
        ):
            self._check_routing()
            self.router = ErrorRouter(**(router or {}))
        self._freeze_finished_stages()

    def _check_routing(self) -> None:
        routed = [i for i, s in enumerate(self.stages) if len(s.branches) > 1]
        for i in routed:
            before = self.stages[i - 1] if i else None
            if before is None or before.pseudo_label is None:
                raise ValueError(
                    f'stage {i + 1} has two branches, but no stage before it '
                    'predicts a pseudo-label to route by'
                )
            if before.pseudo_label.space == 'absolute':
                raise ValueError(
                    f'stage {i + 1} is routed by the errors of the clusters '
                    f'of stage {i}, which must be clusters of offsets'
                )

    @property
    def trained_stage(self) -> CascadeStage:
        return self.stages[-1]

    @property
    def finished_stages(self) -> nn.ModuleList:
        return self.stages[:-1]

    def _freeze_finished_stages(self) -> None:
        self.finished_stages.eval()
        for parameter in self.finished_stages.parameters():
            parameter.requires_grad = False

    def train(self, mode: bool = True) -> 'RoutingTopdownPoseEstimator':
        super().train(mode)
        self.finished_stages.eval()
        return self

    def set_auxiliary_weights(self, alpha: float, beta: float) -> None:
        """alpha(t) and beta(t) of Eq. 3 for the stage in training."""
        for branch in self.trained_stage.branches:
            branch.head.auxiliary_weights.update(alpha=alpha, beta=beta)

    def forward_stages(
        self, stages: Sequence[CascadeStage], inputs: Tensor
    ) -> Tuple[List[StageOutput], Optional[Tensor]]:
        """Run the first stages on crops.

        Returns:
            tuple: The output of every stage, and the branch (B,) of each
            sample in the last one, ``None`` where it has no choice.
        """
        outputs, route = [], None
        for i, stage in enumerate(stages):
            previous = outputs[-1].landmarks if outputs else None
            route = self.route(i, outputs)
            outputs.append(run_branches(stage, route, inputs, previous))
        return outputs, route

    def route(
        self, stage: int, outputs: Sequence[StageOutput]
    ) -> Optional[Tensor]:
        """Branch (B,) that each sample takes in a stage, if it has to."""
        if len(self.stages[stage].branches) == 1 or self.routing == 'average':
            return None
        errors = self.stages[stage - 1].pseudo_label.errors
        return self.router(outputs[-1].pseudo_label, errors)

    @torch.no_grad()
    def forward_finished(self, inputs: Tensor) -> List[StageOutput]:
        """Outputs of the frozen stages before the one in training."""
        return self.forward_stages(self.finished_stages, inputs)[0]

    def loss(self, inputs: Tensor, data_samples: SampleList) -> dict:
        """Losses of the stage in training, of both branches if it has two."""
        targets = gather_targets(data_samples)
        finished = self.forward_finished(inputs)
        previous = finished[-1].landmarks if finished else None
        labels = None
        if self.trained_stage.pseudo_label is not None:
            labels = self.trained_stage.pseudo_label(
                previous, targets.landmarks, targets.weights
            )
        branches = self.trained_stage.branches
        weights = branches[0].head.auxiliary_weights
        losses = {k: inputs.new_tensor(v) for k, v in weights.items()}
        if len(branches) == 1:
            output = branches[0](inputs, previous)
            losses.update(
                branches[0].head.loss_by_targets(output, targets, labels)
            )
            return losses
        route = self.route(len(self.stages) - 1, finished)
        for i, branch in enumerate(branches):
            chosen = torch.arange(len(inputs), device=inputs.device)
            if route is not None:
                chosen = chosen[route == i]
            losses.update(
                _branch_loss(
                    i, branch, chosen, inputs, previous, targets, labels
                )
            )
        if route is not None:
            losses['easy_share'] = (route == EASY_BRANCH).float().mean()
            losses['routing_threshold'] = self.router.threshold.clone()
        return losses

    def predict(self, inputs: Tensor, data_samples: SampleList) -> SampleList:
        """Landmarks in image pixels, with the way they came about.

        Every ``pred_instances`` holds, for N = 1 instance:

        - keypoints (N, K, 2), keypoint_scores (N, K): the probability that
          the landmark lies inside the picture
        - landmark_visibility (N, K): ``ABSENT`` where the garment has no such
          landmark, which takes an ``AnyTypeMapDFAHead``; else the
          likeliest of visibility_scores (N, K, 3), the probabilities of the
          three states if it has one
        - presence_scores (N, K): the probability that it has one
        - stage_keypoints (N, S, K, 2), stage_visibility (N, S, K)
        - pseudo_label (N, C) of the last stage
        - branch (N,): 0 easy, 1 hard, -1 where there was no choice
        """
        outputs, route = self.forward_stages(self.stages, inputs)
        if self.test_cfg.get('flip_test', False):
            mirrored, _ = self.forward_stages(self.stages, inputs.flip(-1))
            meta = data_samples[0].metainfo
            flip_indices, width = meta['flip_indices'], meta['input_size'][0]
            heads = [stage.branches[0].head for stage in self.stages]
            outputs = [
                head.average([a, head.mirror(b, flip_indices, width)])
                for head, a, b in zip(heads, outputs, mirrored)
            ]
        if route is None:
            route = inputs.new_full((len(inputs),), -1, dtype=torch.long)
        decoder = self.stages[-1].branches[0].head.decoder
        for i, sample in enumerate(data_samples):
            sample.pred_instances = _to_instances(
                [pick(output, slice(i, i + 1)) for output in outputs],
                route[i : i + 1],
                decoder,
                sample,
            )
        return data_samples

    def _forward(
        self, inputs: Tensor, data_samples: SampleList = None
    ) -> Tuple[Tensor, Tensor, Tensor]:
        """Raw landmarks, visibility logits and pseudo-label."""
        output = self.forward_stages(self.stages, inputs)[0][-1]
        return output.landmarks, output.visibility, output.pseudo_label

    def extract_feat(self, inputs: Tensor) -> Tuple[Tensor]:
        """Feature maps of the first stage."""
        return self.stages[0].branches[0].backbone(inputs)


def _merge(shared: dict, stage: dict) -> dict:
    """``shared`` with the entries of ``stage`` merged into its dicts.

    Key by key, as a config into its base; ``_delete_=True`` replaces.
    """
    merged = deepcopy(shared)
    for key, value in stage.items():
        known = merged.get(key)
        if not isinstance(value, dict):
            merged[key] = deepcopy(value)
        elif isinstance(known, dict) and not value.get('_delete_'):
            merged[key] = _merge(known, value)
        else:
            value = {k: v for k, v in value.items() if k != '_delete_'}
            merged[key] = _merge({}, value)
    return merged


def run_branches(
    stage: CascadeStage,
    route: Optional[Tensor],
    inputs: Tensor,
    previous: Optional[Tensor],
) -> StageOutput:
    """Run a stage: its one network, the routed one, or the mean of both."""
    if route is None:
        outputs = [branch(inputs, previous) for branch in stage.branches]
        if len(outputs) == 1:
            return outputs[0]
        return stage.branches[0].head.average(outputs)
    parts, indices = [], []
    for i, branch in enumerate(stage.branches):
        chosen = (route == i).nonzero().flatten()
        if len(chosen):
            parts.append(branch(inputs[chosen], previous[chosen]))
            indices.append(chosen)
    return merge(parts, indices)


def _branch_loss(
    number: int,
    branch: nn.Module,
    chosen: Tensor,
    inputs: Tensor,
    previous: Tensor,
    targets: StageTargets,
    labels: Optional[Tensor],
) -> Dict[str, Tensor]:
    name = f'branch{number + 1}'
    if not len(chosen):
        return {f'{name}.loss_landmark': inputs.new_zeros(())}
    output = branch(inputs[chosen], previous[chosen])
    losses = branch.head.loss_by_targets(
        output,
        pick(targets, chosen),
        None if labels is None else labels[chosen],
    )
    return {f'{name}.{key}': value for key, value in losses.items()}


def split_presence(scores: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Probabilities with or without the class of absent landmarks.

    Args:
        scores (np.ndarray): (..., 3) or (..., 4) that sum to 1.

    Returns:
        tuple: (..., 3) that sum to 1, of the states of a landmark that is
        there, and (...), that it is.
    """
    states = scores[..., :NUM_VISIBILITY_STATES]
    present = states.sum(-1)
    least = np.finfo(scores.dtype).tiny
    return states / np.maximum(present, least)[..., None], present


def _to_instances(
    outputs: List[StageOutput],
    route: Tensor,
    decoder,
    sample: PoseDataSample,
) -> InstanceData:
    """Outputs of every stage for one sample, in pixels of its image."""
    meta = sample.metainfo
    stages = torch.cat([output.landmarks for output in outputs])
    crop, _ = decoder.decode(stages.detach().double().cpu().numpy())
    image = (
        crop / meta['input_size'] * meta['input_scale']
        + meta['input_center']
        - 0.5 * meta['input_scale']
    )
    visibility = torch.cat([output.visibility for output in outputs]).detach()
    scores, present = split_presence(visibility.softmax(-1).cpu().numpy())
    states = scores.argmax(-1)
    inside = present[-1:] * (1 - scores[-1:, :, Visibility.TRUNCATED])
    instances = InstanceData(
        keypoints=image[-1:],
        keypoint_scores=inside,
        keypoints_visible=inside.copy(),
        landmark_visibility=np.where(
            present[-1:] < 0.5, int(Visibility.ABSENT), states[-1:]
        ),
        visibility_scores=scores[-1:],
        presence_scores=present[-1:],
        stage_keypoints=image[None],
        stage_visibility=states[None],
        pseudo_label=outputs[-1].pseudo_label.detach().cpu().numpy(),
        branch=route.cpu().numpy(),
    )
    instances.bboxes = sample.gt_instances.bboxes
    instances.bbox_scores = sample.gt_instances.bbox_scores
    return instances
