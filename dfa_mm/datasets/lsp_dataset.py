"""Leeds Sports Pose (paper, Sect. 4, Table 4)."""

from typing import Optional

from mmpose.registry import DATASETS

from dfa_mm.structures import LSP_SET

from .landmark_dataset import LandmarkDataset
from .lsp_raw import CONVENTIONS, HOW_TO_GET, IMAGE_FOLDER, PAGE, SPLITS


@DATASETS.register_module()
class LSPDataset(LandmarkDataset):
    """People in sports with 14 joints, as written by ``lsp2coco.py``.

    LSP has no validation split: hold some pictures of ``train`` back with
    MMEngine's ``indices`` (a number of first samples, or a list of places).

    Args:
        convention (str): ``oc`` or ``pc``: whether left and right are the
            observer's or the person's.
        split (str): ``train`` or ``test``.
        ann_file (str): COCO keypoint file; by default
            ``annotations/lsp_{convention}_{split}.json``.
        data_prefix (dict, optional): Defaults to ``dict(img='images')``.
        **kwargs: See :class:`LandmarkDataset`.
    """

    landmark_set = LSP_SET
    default_ann_file = 'annotations/lsp_{convention}_{split}.json'

    def __init__(
        self,
        convention: str = 'oc',
        split: str = 'train',
        ann_file: str = '',
        data_prefix: Optional[dict] = None,
        **kwargs,
    ):
        _check_choice('convention', convention, CONVENTIONS)
        _check_choice('split', split, SPLITS)
        super().__init__(
            ann_file=ann_file
            or self.default_ann_file.format(
                convention=convention, split=split
            ),
            data_prefix=data_prefix or dict(img=IMAGE_FOLDER),
            **kwargs,
        )

    @classmethod
    def missing_message(cls, path: str) -> str:
        return (
            f'{path} does not exist. Download Leeds Sports Pose from {PAGE}, '
            f'put joints.mat and {IMAGE_FOLDER}/ into one folder and run\n'
            '    python tools/dataset_converters/lsp2coco.py data/lsp\n'
            "This makes the files of convention='pc'. Those of "
            "convention='oc' need the observer-centric labels beside them. "
            f'{HOW_TO_GET["oc"]}.'
        )


def _check_choice(name: str, value: str, choices) -> None:
    if value not in choices:
        raise ValueError(
            f'LSPDataset got {name}={value!r}; expected one of '
            f'{", ".join(map(repr, choices))}.'
        )
