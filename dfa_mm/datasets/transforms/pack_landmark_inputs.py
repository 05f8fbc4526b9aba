from mmpose.datasets.transforms import PackPoseInputs
from mmpose.registry import TRANSFORMS


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

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.meta_keys = (*self.meta_keys, 'clothes_type', 'variation_type')
