"""COCO keypoint files held against themselves and against the pictures."""

import posixpath
from typing import Callable, Dict, List, Optional, Sequence, Tuple, Union

from mmengine.logging import MMLogger

from dfa_mm.structures.mirror_pairs import check_names, spelling

from .box_audit import XYWH, BoxAudit, single_problem
from .coco_schema import (
    EDGE_MARGIN,
    MAX_ID,
    MIN_SIDE,
    Problem,
    annotation_problem,
    by_id,
    category_problem,
    image_problem,
    record_id,
    shown,
    top_problem,
)
from .label_audit import LabelAudit
from .picture_files import PictureFolder, Size, UnusablePictureError
from .raw_data import RawDataError

_MAX_NAMES = 8  # in a message
_EVERY = 20_000  # pictures between two lines of the log
_FLAGS = '0 (no position), 1 (occluded) and 2 (visible) as v'

# Where the file's landmark i stands in the data set's order.
Order = Optional[List[int]]


class CocoChecker:
    """Holds the records of one file against each other.

    Args:
        path (str): The file, for messages.
        landmarks (Sequence[str]): Names of the data set's landmarks.
        pictures (PictureFolder, optional): Where the names must lead.
        lenient (bool): Whether bad records are left out instead of the first
            problem raised.
        look (bool): Whether every picture's header is read.
        sides (bool): Whether the landmarks come in pairs, left before right
            as seen in the picture.

    Attributes:
        left_out (list[tuple[int | str, str]]): Annotations left out, by id
            and reason.
        problems (list[str]), kinds_of_problems (list[str]): All that was
            wrong.
    """

    def __init__(
        self,
        path: str,
        landmarks: Sequence[str],
        pictures: Optional[PictureFolder] = None,
        lenient: bool = False,
        look: bool = True,
        sides: bool = False,
    ) -> None:
        self.path = path
        self.landmarks = list(landmarks)
        self.pictures = pictures
        self.lenient = lenient
        self.look = look and pictures is not None
        self.sides = sides
        self.left_out: List[Tuple[Union[int, str], str]] = []
        self.problems: List[str] = []
        self.kinds_of_problems: List[str] = []
        self._audit = BoxAudit(XYWH)
        self._sizes: Dict[int, Union[Size, Problem]] = {}  # by image

    def check(self, content: object) -> Dict:
        """The good records, landmarks in the data set's order.

        Raises:
            RawDataError: At the first problem, unless ``lenient``; always if
                the file as a whole is no COCO file, or names other landmarks.
        """
        problem = top_problem(content)
        if problem:
            raise self.error('file', problem)
        orders = self._orders(content.get('categories', []))
        images = self._records(content['images'], 'image', self._image_problem)
        images = {img['id']: img for img in self._of_one_name(images)}
        anns = self._records(
            content['annotations'], 'annotation', annotation_problem
        )
        good = [
            self.attempt(self._annotation, ann, ann, images, orders)
            for ann in anns
        ]
        self._check_all([ann for ann in good if ann is not None])
        return dict(
            content,
            categories=[
                dict(category, keypoints=self.landmarks, skeleton=[])
                if orders[category['id']]
                else category
                for category in content.get('categories', [])
            ],
            images=[self._with_size(img) for img in images.values()],
            annotations=[ann for ann in good if ann is not None],
        )

    def _with_size(self, img: Dict) -> Dict:
        """Boxes are cut at the picture's edges, as the picture tells them."""
        size = self._sizes.get(img['id'])
        if 'width' in img or not isinstance(size, tuple) or len(size) != 2:
            return img
        return dict(img, width=size[0], height=size[1])

    def error(self, where: str, problem: Problem) -> RawDataError:
        return problem.error(f'{self.path}, {where}')

    def report(self, error: ValueError) -> None:
        """Raise it or, if ``lenient``, note it."""
        if not self.lenient:
            raise error
        self.problems.append(str(error))
        self.kinds_of_problems.append(_kind(error))

    def first_of_each_kind(self) -> List[str]:
        pairs = zip(self.kinds_of_problems, self.problems)
        return list(dict(reversed(list(pairs))).values())

    def leave_out(self, ann: object, kind: str) -> None:
        identity = ann.get('id') if isinstance(ann, dict) else None
        if type(identity) is not int or abs(identity) > MAX_ID:
            identity = shown(identity)
        self.left_out.append((identity, f'of problems with its {kind}'))

    def attempt(self, function: Callable, argument, ann: Dict, *args):
        """The result, or None for an annotation that is left out."""
        try:
            return function(argument, *args)
        except ValueError as error:
            self.report(error)
            self.leave_out(ann, _kind(error))
            return None

    def _records(
        self,
        records: List,
        kind: str,
        problem_of: Callable[[object], Optional[Problem]],
    ) -> List[Dict]:
        """The well-formed ones whose id is their own."""
        good = []
        for place, record in enumerate(records):
            problem = problem_of(record)
            if problem is None:
                good.append(record)
                continue
            where = record_id(record, place, kind)
            self.report(self.error(where, problem))
            if kind == 'annotation':
                self.leave_out(record, problem.kind)
        same = {i: group for i, group in by_id(records).items() if group[1:]}
        good_of = by_id(good)
        for identity, group in same.items():
            self._report_same(kind, identity, group, good_of.get(identity, []))
        return [record for record in good if record['id'] not in same]

    def _report_same(
        self, kind: str, identity: int, group: List, good: List
    ) -> None:
        names = ''
        if kind == 'image':
            names = ', of {} and {}'.format(
                *(shown(record.get('file_name')) for record in group[:2])
            )
        problem = Problem(
            'id',
            f'this id {len(group)} times{names}',
            'every id once',
            'Files that were joined need new ids, image_id included.',
        )
        self.report(self.error(f'{kind} {identity}', problem))
        if kind == 'annotation':
            for ann in good:  # the others are already
                self.leave_out(ann, problem.kind)

    def _of_one_name(self, images: List[Dict]) -> List[Dict]:
        """Without those that share a picture: of joined files, each of which
        had a picture of that name, only one can be there.
        """
        groups: Dict[str, List[Dict]] = {}
        for img in images:
            name = posixpath.normpath(img['file_name'])
            groups.setdefault(name, []).append(img)
        for group in groups.values():
            if group[1:]:
                ids = ', '.join(str(img['id']) for img in group[:_MAX_NAMES])
                problem = Problem(
                    'picture',
                    f'file_name {shown(group[0]["file_name"])} in '
                    f'{len(group)} images, {ids}',
                    'every picture once',
                    'Garments of one picture share its image_id. Pictures of '
                    'files that were joined need names of their own.',
                )
                self.report(self.error(f'image {group[1]["id"]}', problem))
        return [group[0] for group in groups.values() if not group[1:]]

    def _image_problem(self, img: object) -> Optional[Problem]:
        problem = image_problem(img)
        if problem or self.pictures is None:
            return problem
        return self.pictures.problem(img['file_name'])

    def _orders(self, categories: List) -> Dict[Optional[int], Order]:
        """By category id, and None for annotations that name none."""
        orders: Dict[Optional[int], Order] = {}
        for place, category in enumerate(categories):
            where = record_id(category, place, 'category')
            problem = category_problem(category)
            if problem is None and category['id'] in orders:
                problem = Problem('id', 'this id twice', 'every id once')
            if problem:
                raise self.error(where, problem)
            orders[category['id']] = self._order(
                where, category.get('keypoints')
            )
        different = {str(order) for order in orders.values()}
        if len(different) == 1:
            orders[None] = next(iter(orders.values()))
        return orders

    def _order(self, where: str, names: Optional[List[str]]) -> Order:
        if not names:
            return None
        expected = {spelling(name): i for i, name in enumerate(self.landmarks)}
        found = [spelling(name) for name in names]
        try:
            check_names(names)
        except ValueError as error:
            raise self.error(
                where,
                Problem('names', str(error), 'every landmark once'),
            ) from None
        unknown = [n for n, s in zip(names, found) if s not in expected]
        missing = [
            self.landmarks[i] for s, i in expected.items() if s not in found
        ]
        if unknown or missing:
            parts = [
                f'{kind} {", ".join(map(shown, some[:_MAX_NAMES]))}'
                for kind, some in (('unknown', unknown), ('missing', missing))
                if some
            ]
            problem = Problem(
                'names',
                f'{len(names)} keypoints: {"; ".join(parts)}',
                f'the {len(self.landmarks)} landmarks of the data set, in any '
                'order',
                'Name the landmarks alike in both, or take the landmark_set '
                'or subset that the file was made for.',
            )
            raise self.error(where, problem)
        order = [expected[words] for words in found]
        return None if order == sorted(order) else order

    def _size(self, img: Dict) -> Optional[Size]:
        """What the picture's header says; the file's word without pictures."""
        given = (img['width'], img['height']) if 'width' in img else None
        if not self.look:
            return given
        found = self._sizes.get(img['id'])
        if found is None:
            found = self._sizes[img['id']] = self._read_size(img, given)
            if len(self._sizes) % _EVERY == 0:
                MMLogger.get_current_instance().info(
                    f'{self.path}: looked at {len(self._sizes):,} pictures'
                )
        if isinstance(found, Problem):
            raise self.error(f'image {img["id"]}', found)
        return found

    def _read_size(
        self, img: Dict, given: Optional[Size]
    ) -> Union[Size, Problem]:
        try:
            size = self.pictures.size(img['file_name'])
        except UnusablePictureError as error:
            return error.problem
        if given in (None, size):
            return size
        remedy = 'Were pictures made smaller or larger after labelling? Scale '
        if given == size[::-1]:
            remedy = 'Labels of the picture as stored, without EXIF? Turn '
        return Problem(
            'size',
            f'width {given[0]:g} and height {given[1]:g}',
            f'{size[0]} and {size[1]}, as {shown(img["file_name"])} is seen',
            f'{remedy}the labels, and give the right size.',
        )

    def _annotation(self, ann: Dict, images: Dict, orders: Dict) -> Dict:
        """With its landmarks in the data set's order."""
        where = f'annotation {ann["id"]}'
        img = images.get(ann['image_id'])
        if img is None:
            problem = Problem(
                'id',
                f'image_id {ann["image_id"]}',
                'the id of one of the images, and of one alone',
                'List the image, or leave the annotation out.',
            )
            raise self.error(where, problem)
        if not _is_used(ann):
            return ann
        size = self._size(img)
        ann = self._ordered(ann, where, orders)
        self._check_places(ann, where, size)
        return ann

    def _ordered(self, ann: Dict, where: str, orders: Dict) -> Dict:
        category = ann.get('category_id')
        if orders and category not in orders:
            problem = Problem(
                'id',
                f'category_id {category}',
                'one of ' + ', '.join(str(c) for c in orders if c is not None),
            )
            raise self.error(where, problem)
        order = orders.get(category)
        values = ann['keypoints']
        if order is None or len(values) != 3 * len(order):
            return ann  # the data set tells of a wrong number
        ordered = list(values)
        for i, place in enumerate(order):
            ordered[3 * place : 3 * place + 3] = values[3 * i : 3 * i + 3]
        return dict(ann, keypoints=ordered)

    def _check_places(self, ann: Dict, where: str, size) -> None:
        """Landmarks within the picture, the box on it and round them."""
        values = ann['keypoints']
        points = list(zip(values[::3], values[1::3], values[2::3]))
        width, height = size or (float('inf'), float('inf'))
        low = -EDGE_MARGIN
        right, below = width + EDGE_MARGIN, height + EDGE_MARGIN
        for index, (x, y, flag) in enumerate(points):
            if flag and not (low <= x <= right and low <= y <= below):
                problem = Problem(
                    'landmarks',
                    f'{self._name(index, len(points))} at ({x:g}, {y:g})',
                    'a place within the picture'
                    + (f' of {width} x {height}' if size else '')
                    + f', at most {EDGE_MARGIN:g} px beyond',
                    'Set x, y and v to 0 if it is cut off.',
                )
                raise self.error(where, problem)
        x, y, w, h = ann['bbox']
        if (
            min(x + w, width) - max(x, 0) < MIN_SIDE
            or min(y + h, height) - max(y, 0) < MIN_SIDE
        ):
            problem = Problem(
                'box',
                'bbox {:g}, {:g}, {:g}, {:g}'.format(x, y, w, h),
                f'{MIN_SIDE:g} pixel or more of the picture'
                + (f' of {width} x {height}' if size else ''),
                'x, y, width and height count pixels, not shares.',
            )
            raise self.error(where, problem)
        box = (x, y, x + w, y + h)
        visible = [(x, y) for x, y, flag in points if flag == 2]
        hidden = [(x, y) for x, y, flag in points if flag == 1]
        problem = single_problem(box, visible)
        if problem:
            raise self.error(where, problem)
        self._audit.add(box, visible, hidden, size)

    def _name(self, index: int, number: int) -> str:
        if number == len(self.landmarks):
            return f'landmark {index} ({self.landmarks[index]})'
        return f'landmark {index}'

    def _check_all(self, anns: List[Dict]) -> None:
        """Leaving some out cannot mend these: errors in any case."""
        labels = LabelAudit(2, _FLAGS, self.sides)
        for ann in anns:
            values = ann.get('keypoints')
            if values and not ann.get('iscrowd'):
                xs, flags = values[::3], values[2::3]
                placed = [x if flag else None for x, flag in zip(xs, flags)]
                labels.add(flags, placed)
        problem = labels.problem() or self._audit.problem()
        if problem:
            raise self.error('all annotations', problem)


def _is_used(ann: Dict) -> bool:
    """Others have no landmarks with a place, and are left out."""
    return not ann.get('iscrowd') and any(ann.get('keypoints', ())[2::3])


def _kind(error: ValueError) -> str:
    return getattr(error, 'kind', '') or 'landmarks'
