from copy import deepcopy
from typing import List, Sequence

from mmpose.datasets import CombinedDataset
from mmpose.registry import DATASETS


@DATASETS.register_module()
class CombinedLandmarkDataset(CombinedDataset):
    """CombinedDataset that takes its meta information from its parts.

    MMPose's asks for it in the config once more. The pipeline is given here,
    where inference looks for it, and not in the parts.

    Raises:
        ValueError: If the parts have different landmarks.
    """

    def __init__(
        self, datasets: List[dict], pipeline: Sequence[dict] = (), **kwargs
    ) -> None:
        raw = DATASETS.get(datasets[0]['type']).METAINFO
        super().__init__(raw, datasets, list(pipeline), **kwargs)
        names = [part.metainfo['keypoint_name2id'] for part in self.datasets]
        for number, other in enumerate(names):
            if other != names[0]:
                raise ValueError(
                    'data sets can be combined only if they have the same '
                    f'landmarks: data set 1 has {list(names[0])}, data set '
                    f'{number + 1} has {list(other)}'
                )
        self._metainfo = deepcopy(self.datasets[0].metainfo)
