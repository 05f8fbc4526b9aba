from mmpose.datasets.transforms import RandomFlip
from mmpose.registry import TRANSFORMS


@TRANSFORMS.register_module()
class LandmarkRandomFlip(RandomFlip):
    """RandomFlip that mirrors ``landmark_visibility`` with the landmarks.

    MMPose's own transform flips keypoints only, so that after it the state of
    the left sleeve would be learnt for the right one.
    """

    def transform(self, results: dict) -> dict:
        results = super().transform(results)
        states = results.get('landmark_visibility')
        if results['flip'] and states is not None:
            results['landmark_visibility'] = states[
                ..., results['flip_indices']
            ]
        return results
