"""The Fashion Landmark Dataset (paper, Sect. 2)."""

import shlex
from pathlib import Path
from typing import Dict, Optional

import numpy as np
from mmpose.registry import DATASETS

from dfa_mm.structures import FLD_SETS, TYPE_SLOTS, Visibility

from .fld_garment import ALL, clothes_type, garment_problem
from .fld_lists import SPLITS
from .fld_reader import find_image_folder
from .landmark_dataset import LandmarkDataset

RAW_LISTS = 'Anno'


@DATASETS.register_module()
class FLDDataset(LandmarkDataset):
    """Garments with their type and variation beside the landmarks.

    Reads what ``fld2coco.py`` writes and, for one clothes type at a time,
    MMPose's own FLD files. Samples have ``clothes_type`` and
    ``variation_type`` (0 where unknown) in FLD's codes.

    Args:
        subset (str): ``upper``, ``lower`` or ``full`` clothes, or ``all`` of
            them in eight slots.
        split (str): ``train``, ``val`` or ``test``.
        ann_file (str): By default
            ``annotations/fld_{subset}_{split}.json``.
        data_prefix (dict, optional): ``dict(img=folder)``; by default found
            under ``data_root``.
        **kwargs: See :class:`LandmarkDataset`.
    """

    METAINFO = FLD_SETS['all'].raw_metainfo()
    default_ann_file = 'annotations/fld_{subset}_{split}.json'
    # A garment all of whose landmarks are cut off still teaches visibility.
    keep_without_position = True
    sides_of_picture = True

    def __init__(
        self,
        subset: str = 'all',
        split: str = 'train',
        ann_file: str = '',
        data_root: Optional[str] = None,
        data_prefix: Optional[dict] = None,
        **kwargs,
    ):
        self.check_choice('subset', subset, FLD_SETS)
        self.check_choice('split', split, SPLITS)
        self.subset = subset
        if data_prefix is None:
            root = Path(data_root or '.')
            folder = find_image_folder(root).relative_to(root)
            data_prefix = dict(img=folder.as_posix())
        super().__init__(
            landmark_set=FLD_SETS[subset],
            ann_file=ann_file
            or self.default_ann_file.format(subset=subset, split=split),
            data_root=data_root,
            data_prefix=data_prefix,
            **kwargs,
        )

    def parse_data_info(self, raw_data_info: dict) -> dict:
        ann = raw_data_info['raw_ann_info']
        info = super().parse_data_info(raw_data_info)
        info['clothes_type'] = clothes_type(ann, self.subset)
        info['variation_type'] = ann.get('variation_type', 0)
        return info

    @classmethod
    def missing_help(cls, root: Optional[str] = None) -> str:
        where = shlex.quote(root) if root else '$FLD_ROOT'
        if root and Path(root, RAW_LISTS).is_dir():
            return f'Make it of the lists: dfa convert fld {where}'
        return (
            f'Draw garments: dfa convert synth {where} --num 3000 && '
            f'dfa convert fld {where}. Or unpack FLD (DeepFashion project '
            'page, Fashion Landmark Detection, under an agreement), set '
            'FLD_ROOT to its folder and call dfa convert fld $FLD_ROOT. Or '
            'take photographs: docs/photos_data.md'
        )

    def count_hint(self, num_values: int) -> str:
        fitting = [
            name for name, s in FLD_SETS.items() if 3 * len(s) == num_values
        ]
        return (
            f'subset={self.subset!r} has {len(FLD_SETS[self.subset])} '
            f'landmarks; {num_values / 3:g} landmarks fit '
            f'{" or ".join(map(repr, fitting)) or "no subset"}.'
        )

    def _visibility(self, ann: Dict, flags: np.ndarray) -> np.ndarray:
        problem = garment_problem(ann, self.subset)
        if problem:
            raise problem.error(self._where(ann))
        visibility = super()._visibility(ann, flags)
        if self.subset != ALL:
            return visibility
        absent = np.ones(len(flags), dtype=bool)
        absent[list(TYPE_SLOTS[clothes_type(ann, self.subset)])] = False
        return np.where(absent, Visibility.ABSENT, visibility)
