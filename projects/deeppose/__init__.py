"""DeepPose as the paper runs it: the rival of Fig. 3 b, Fig. 5 and Fig. 6.

Importing the package registers its estimator in MMPose's registry:
``custom_imports = dict(imports=['dfa_mm', 'projects.deeppose'])``.
"""

from .deeppose_topdown import DeepPoseTopdownEstimator
from .patch_stage import PatchStage

__all__ = ['DeepPoseTopdownEstimator', 'PatchStage']
