"""Leeds Sports Pose (paper, Sect. 4, Table 4)."""

import shlex
from typing import Optional

from mmpose.registry import DATASETS

from dfa_mm.structures import LSP_SET

from .landmark_dataset import LandmarkDataset

PAGE = 'http://sam.johnson.io/research/lsp.html'
IMAGE_FOLDER = 'images'
# Picture numbers, as in the files' names (the data set's page).
SPLITS = {'train': range(1, 1001), 'test': range(1001, 2001)}
CONVENTIONS = {'oc': 'observer-centric', 'pc': 'person-centric'}
HOW_TO_GET_OC = (
    'They are distributed apart from the data set, as lsp-joints-OC.mat, with '
    'evaluation code such as that of Chen & Yuille (NIPS 2014)'
)


@DATASETS.register_module()
class LSPDataset(LandmarkDataset):
    """People in sports with 14 joints, as written by ``lsp2coco.py``.

    LSP has no validation split: hold some pictures of ``train`` back with
    MMEngine's ``indices`` (a number of first samples, or a list of places).

    Args:
        convention (str): ``oc`` or ``pc``: whether left and right are the
            observer's or the person's.
        split (str): ``train`` or ``test``.
        ann_file (str): By default
            ``annotations/lsp_{convention}_{split}.json``.
        **kwargs: See :class:`LandmarkDataset`.
    """

    METAINFO = LSP_SET.raw_metainfo()
    default_ann_file = 'annotations/lsp_{convention}_{split}.json'

    def __init__(
        self,
        convention: str = 'oc',
        split: str = 'train',
        ann_file: str = '',
        data_prefix: Optional[dict] = None,
        **kwargs,
    ):
        self.check_choice('convention', convention, CONVENTIONS)
        self.check_choice('split', split, SPLITS)
        super().__init__(
            ann_file=ann_file
            or self.default_ann_file.format(
                convention=convention, split=split
            ),
            data_prefix=data_prefix or dict(img=IMAGE_FOLDER),
            **kwargs,
        )

    @classmethod
    def missing_help(cls, root: Optional[str] = None) -> str:
        where = shlex.quote(root or 'data/lsp')
        return (
            f'Download Leeds Sports Pose from {PAGE}, put joints.mat and '
            f'{IMAGE_FOLDER}/ into {where} and call dfa convert lsp {where}, '
            "which makes the files of convention='pc'. Those of "
            "convention='oc' need the observer-centric labels beside them. "
            f'{HOW_TO_GET_OC}.'
        )
