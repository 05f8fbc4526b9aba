import inspect

from mmpose.datasets.transforms import PackPoseInputs
from mmpose.registry import TRANSFORMS

_POSE_META_KEYS = (
    inspect.signature(PackPoseInputs.__init__).parameters['meta_keys'].default
)


@TRANSFORMS.register_module()
class PackLandmarkInputs(PackPoseInputs):
    """PackPoseInputs that keeps what the landmark metrics group by.

    ``gt_instances.landmark_visibility`` holds the three states, the sample's
    meta information its clothes type and variation.
    """

    instance_mapping_table = dict(
        PackPoseInputs.instance_mapping_table,
        landmark_visibility='landmark_visibility',
    )

    def __init__(
        self,
        meta_keys=(*_POSE_META_KEYS, 'clothes_type', 'variation_type'),
        pack_transformed=False,
    ):
        super().__init__(meta_keys, pack_transformed)
