from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS


@TRANSFORMS.register_module()
class NameDataset(BaseTransform):
    """Tells apart what metrics shall report apart.

    In the pipeline of one part of a combined data set: the same pictures may
    be parts twice, seen in two ways.

    Modified key: ``dataset_name``.

    Args:
        name (str): What the samples shall be called, for ``ByDataset``.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def transform(self, results: dict) -> dict:
        results['dataset_name'] = self.name
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(name={self.name!r})'
