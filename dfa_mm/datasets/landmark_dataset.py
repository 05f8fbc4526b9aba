"""Top-down samples that keep visible and occluded landmarks apart."""

import os.path as osp
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Optional, Tuple, Union

import numpy as np
from mmengine.fileio import exists, get
from mmengine.logging import MMLogger
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS

from dfa_mm.errors import InputError
from dfa_mm.structures import (
    LandmarkSet,
    check_metainfo,
    from_coco,
    has_position,
)

from .coco_checks import CocoChecker
from .json_files import parse_json, read_json
from .landmark_annotations import (
    clipped_box,
    image_annotation_pairs,
    landmark_array,
    summarize_dropped,
    unusable_reason,
)
from .picture_files import PictureFolder


@DATASETS.register_module()
class LandmarkDataset(BaseCocoStyleDataset):
    """COCO keypoint annotations with three visibility states.

    Differs from its base in that a sample has ``landmark_visibility`` (1, K),
    the codes of :class:`~dfa_mm.structures.Visibility`; in that image sizes
    may be missing; in that the file is held against its schema, itself and
    the pictures; and in that no annotation vanishes silently. The landmarks
    may be in any order that the file's ``categories`` name.

    Args:
        landmark_set (LandmarkSet | dict, optional): The landmarks, or the
            arguments of a :class:`LandmarkSet`, in place of the class's
            ``METAINFO`` or MMPose's ``metainfo``.
        lenient (bool): Whether annotations with problems are left out, with
            their number and first ids in the log, instead of the first
            problem raised.
        check_pictures (bool): Whether every picture's header is read.
        allow_outside (bool): Whether names of pictures, and links, may lead
            out of their folder.
        **kwargs: See :class:`BaseCocoStyleDataset`; ``bbox_file`` and
            ``data_mode='bottomup'`` are refused.

    Attributes:
        dropped (list[tuple[int, str]]): Annotations that cannot be used, by
            id and reason.
    """

    # Relative to data_root, with names of arguments; empty: ann_file is given.
    default_ann_file = ''
    # In COCO, nothing but v = 0 means that nobody labelled the instance.
    keep_without_position = False
    # Whether landmarks come in pairs, left before right, of the picture.
    sides_of_picture = False

    def __init__(
        self,
        landmark_set: Union[LandmarkSet, Mapping, None] = None,
        metainfo: Optional[dict] = None,
        bbox_file: Optional[str] = None,
        data_mode: str = 'topdown',
        lenient: bool = False,
        check_pictures: bool = True,
        allow_outside: bool = False,
        **kwargs,
    ):
        if bbox_file:
            raise InputError(
                f'{type(self).__name__} got bbox_file={bbox_file!r}, but '
                'detections carry no landmarks to compare with. Write their '
                'boxes into the "bbox" fields of a copy of the annotation '
                'file instead.'
            )
        # every sample is one instance
        self.check_choice('data_mode', data_mode, ('topdown',))
        if landmark_set is not None and metainfo is None:
            if not isinstance(landmark_set, LandmarkSet):
                landmark_set = LandmarkSet(**landmark_set)
            metainfo = landmark_set.raw_metainfo()
        if not (metainfo or self.METAINFO):
            raise InputError(
                f'{type(self).__name__} does not know its landmarks: pass '
                "landmark_set=dict(name='mine', landmarks=['left collar', "
                "...]) or MMPose's metainfo=dict(...)."
            )
        check_metainfo(metainfo or self.METAINFO)
        self.lenient = lenient
        self.check_pictures = check_pictures
        self.allow_outside = allow_outside
        self.dropped: List[Tuple[int, str]] = []
        super().__init__(metainfo=metainfo, **kwargs)

    @classmethod
    def check_choice(cls, name: str, value, choices: Iterable) -> None:
        if value not in choices:
            raise InputError(
                f'{cls.__name__} got {name}={value!r}; expected one of '
                f'{", ".join(map(repr, choices))}.'
            )

    def load_data_list(self) -> List[dict]:
        """Replaces the base's, which loses annotations without a word."""
        checker = self._checker()
        content = checker.check(self._load_content())
        if 'categories' in content:
            self._metainfo['CLASSES'] = content['categories']
        self.dropped, samples = checker.left_out, []
        for img, ann in image_annotation_pairs(content, self.sample_interval):
            reason = unusable_reason(ann, img, not self.keep_without_position)
            if reason is not None:
                self.dropped.append((ann['id'], reason))
                continue
            raw = dict(raw_ann_info=ann, raw_img_info=img)
            info = checker.attempt(self.parse_data_info, raw, ann)
            if info is not None:
                samples.append(info)
        self._report_dropped(len(samples), checker)
        return samples

    def parse_data_info(self, raw_data_info: dict) -> dict:
        """The base's entries, ``landmark_visibility``, ``ori_shape``."""
        ann, img = raw_data_info['raw_ann_info'], raw_data_info['raw_img_info']
        points, visibility = self._landmarks(ann)
        placed = has_position(visibility)
        bbox = clipped_box(ann['bbox'], img)
        x1, y1, x2, y2 = bbox
        area = ann.get('area') or float((x2 - x1) * (y2 - y1))
        info = dict(
            img_id=ann['image_id'],
            img_path=osp.join(self.data_prefix['img'], img['file_name']),
            bbox=bbox[None],
            bbox_score=np.ones(1, dtype=np.float32),
            num_keypoints=int(placed.sum()),
            keypoints=np.where(placed[:, None], points, 0)[None],
            keypoints_visible=placed.astype(np.float32)[None],
            landmark_visibility=visibility[None],
            area=np.array(area, dtype=np.float32),
            iscrowd=ann.get('iscrowd', 0),
            segmentation=ann.get('segmentation'),
            id=ann['id'],
            category_id=np.array(ann.get('category_id', 1)),
            # metrics that rebuild the annotation file rely on these two
            raw_ann_info=dict(ann, area=area, iscrowd=ann.get('iscrowd', 0)),
        )
        if 'width' in img and 'height' in img:
            info['ori_shape'] = (img['height'], img['width'])
        return info

    @classmethod
    def missing_message(cls, path: str) -> str:
        """What to do when a file or folder is not there."""
        return f'{path} does not exist. {cls.missing_help()}'

    @classmethod
    def missing_help(cls, root: Optional[str] = None) -> str:
        """The same for every file of a set that lies in ``root``."""
        return (
            f'{cls.__name__} needs a COCO keypoint file (ann_file) and the '
            'folder of its images (data_prefix), both relative to data_root.'
        )

    def count_hint(self, num_values: int) -> str:
        """What to do when an annotation has ``num_values`` for keypoints."""
        return (
            f'{type(self).__name__} is set up for '
            f'{self._metainfo["num_keypoints"]} landmarks: pass the '
            'landmark_set or metainfo that the file was made for.'
        )

    def _load_content(self) -> object:
        for path in (self.ann_file, self.data_prefix['img']):
            if path and not exists(path):
                raise FileNotFoundError(self.missing_message(path))
        if '://' in self.ann_file:
            return parse_json(get(self.ann_file), self.ann_file)
        return read_json(self.ann_file)

    def _checker(self) -> CocoChecker:
        names = self._metainfo['keypoint_id2name']
        folder = self.data_prefix['img']
        pictures = None
        if '://' not in folder:
            pictures = PictureFolder(Path(folder), self.allow_outside)
        return CocoChecker(
            self.ann_file,
            [names[i] for i in range(len(names))],
            pictures,
            self.lenient,
            self.check_pictures and pictures is not None,
            self.sides_of_picture,
        )

    def _report_dropped(self, used: int, checker: CocoChecker) -> None:
        summary = summarize_dropped(self.dropped, used + len(self.dropped))
        first = ''.join(f'\n{line}' for line in checker.first_of_each_kind())
        if not used:
            # MMEngine cannot hold an empty list.
            raise InputError(
                f'{self.ann_file} has no usable sample: {summary}. Check that '
                f'it is the right file for this split.{first}'
            )
        if self.dropped:
            MMLogger.get_current_instance().warning(
                f'{type(self).__name__}: {self.ann_file}: {summary}{first}'
            )

    def _landmarks(self, ann: Dict) -> Tuple[np.ndarray, np.ndarray]:
        """Positions (K, 2) and visibility codes (K,) of an annotation."""
        number, found = self._metainfo['num_keypoints'], len(ann['keypoints'])
        if found != 3 * number:
            raise InputError(
                f'{self._where(ann)}: found {found} keypoint values; '
                f'expected 3 x {number}. {self.count_hint(found)}'
            )
        points, flags = landmark_array(ann['keypoints'], self._where(ann))
        return points, self._visibility(ann, flags)

    def _visibility(self, ann: Dict, flags: np.ndarray) -> np.ndarray:
        try:
            return from_coco(flags)
        except ValueError as error:
            raise InputError(f'{self._where(ann)}: {error}') from error

    def _where(self, ann: Dict) -> str:
        return f'{self.ann_file}, annotation {ann["id"]}'
