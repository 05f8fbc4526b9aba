"""MMPose's visualizer for landmarks with three visibility states."""

import numpy as np
from mmengine.structures import InstanceData
from mmpose.registry import VISUALIZERS
from mmpose.visualization import PoseLocalVisualizer

from .landmarks import draw_landmarks, truncation_note
from .text import draw_note

_MMPOSE_RADIUS = 3  # PoseLocalVisualizer's default


@VISUALIZERS.register_module()
class FashionLandmarkVisualizer(PoseLocalVisualizer):
    """Draws landmarks by their visibility where a sample tells it.

    Differs from :class:`PoseLocalVisualizer` for instances that hold
    ``landmark_visibility``: the state, not a threshold on the score, decides
    what is drawn (``kpt_thr`` is not used), and marks scale with the picture.
    ``radius`` is a size relative to MMPose's default of 3. Anything else is
    drawn as MMPose does, as is the ``openpose`` style.
    """

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
        # As upstream: a browsed training sample is shown as it was augmented.
        landmarks = instances.get('transformed_keypoints', instances.keypoints)
        drawn = self._draw_garments(
            image,
            _to_numpy(landmarks),
            _to_numpy(instances.landmark_visibility),
            show_kpt_idx,
        )
        self.set_image(drawn)
        return self.get_image()

    def _draw_garments(self, image, landmarks, visibility, show_index):
        """(N, K, 2) and (N, K); one note for all, or they would overlap."""
        notes = []
        for points, states in zip(landmarks, visibility):
            image = draw_landmarks(
                image,
                points,
                states,
                self.dataset_meta,
                size=self.radius / _MMPOSE_RADIUS,
                note=False,
                show_index=show_index,
            )
            notes.append(truncation_note(states, self.dataset_meta))
        if any(notes):
            draw_note(image, '; '.join(note for note in notes if note))
        return image


def _to_numpy(value) -> np.ndarray:
    return np.asarray(value.cpu() if hasattr(value, 'cpu') else value)
