"""MMPose's visualizer for landmarks with three visibility states."""

import numpy as np
from mmengine.structures import InstanceData
from mmpose.registry import VISUALIZERS
from mmpose.visualization import PoseLocalVisualizer

from dfa_mm.structures import Visibility

from .landmarks import draw_landmarks
from .marks import WHITE, draw_box
from .prediction import stage_title
from .text import draw_heading

_MMPOSE_RADIUS = 3  # PoseLocalVisualizer's default


@VISUALIZERS.register_module()
class FashionLandmarkVisualizer(PoseLocalVisualizer):
    """Draws landmarks by their visibility where a sample tells it.

    Differs from :class:`PoseLocalVisualizer` for instances that hold
    ``landmark_visibility``: the state, not a threshold on the score, decides
    what is drawn (``kpt_thr`` is not used), and marks, boxes and text scale
    with the picture. ``radius`` is a size relative to MMPose's default of 3.
    Anything else is drawn as MMPose does, as is the ``openpose`` style.

    Args:
        show_stages (bool): Draw predictions that hold ``stage_keypoints``
            once per stage, in panels beside each other.
        **kwargs: Of :class:`PoseLocalVisualizer`.
    """

    def __init__(
        self, name: str = 'visualizer', show_stages: bool = False, **kwargs
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.show_stages = show_stages

    def _draw_instances_kpts(
        self,
        image: np.ndarray,
        instances: InstanceData,
        kpt_thr: float = 0.3,
        show_kpt_idx: bool = False,
        skeleton_style: str = 'mmpose',
    ) -> np.ndarray:
        if 'landmark_visibility' not in instances or (
            skeleton_style == 'openpose'
        ):
            return super()._draw_instances_kpts(
                image, instances, kpt_thr, show_kpt_idx, skeleton_style
            )
        if self._has_panels(instances):
            drawn = self._draw_stages(image, instances, show_kpt_idx)
        else:
            # As upstream: a browsed training sample is shown as it was
            # augmented.
            landmarks = instances.get(
                'transformed_keypoints', instances.keypoints
            )
            states = instances.landmark_visibility
            drawn = self._draw(image, landmarks, states, show_kpt_idx)
        self.set_image(drawn)
        return self.get_image()

    def _draw_instances_bbox(
        self, image: np.ndarray, instances: InstanceData
    ) -> np.ndarray:
        """Frames whose width suits the picture, in every panel."""
        if not {'landmark_visibility', 'bboxes'} <= set(instances.keys()):
            return super()._draw_instances_bbox(image, instances)
        count = 1
        if self._has_panels(instances):
            count = instances.stage_keypoints.shape[1]
        panels = [p.copy() for p in np.split(image, count, axis=1)]
        for panel in panels:
            for box in _to_numpy(instances.bboxes):
                draw_box(panel, box, WHITE)
        self.set_image(np.concatenate(panels, axis=1))
        return self.get_image()

    def _has_panels(self, instances: InstanceData) -> bool:
        return self.show_stages and 'stage_keypoints' in instances

    def _draw_stages(self, image, instances, show_index) -> np.ndarray:
        # (S, N, K, 2) and (S, N, K)
        stages = _to_numpy(instances.stage_keypoints).swapaxes(0, 1)
        states = _to_numpy(instances.stage_visibility).swapaxes(0, 1)
        # what is absent in the end is absent in every stage
        final = _to_numpy(instances.landmark_visibility)
        states = np.where(final == Visibility.ABSENT, final, states)
        panels = []
        for i, (landmarks, visibility) in enumerate(zip(stages, states), 1):
            panel = self._draw(image, landmarks, visibility, show_index)
            last = i == len(stages)
            draw_heading(panel, stage_title(i, instances if last else None))
            panels.append(panel)
        return np.concatenate(panels, axis=1)

    def _draw(self, image, landmarks, visibility, show_index) -> np.ndarray:
        return draw_landmarks(
            image,
            _to_numpy(landmarks),
            _to_numpy(visibility),
            self.dataset_meta,
            size=self.radius / _MMPOSE_RADIUS,
            show_index=show_index,
        )


def _to_numpy(value) -> np.ndarray:
    return np.asarray(value.cpu() if hasattr(value, 'cpu') else value)
