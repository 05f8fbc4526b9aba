"""A copy of FLD read sample by sample, every one checked."""

import math
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, Visibility

from .box_audit import CORNERS, BoxAudit, single_problem
from .coco_schema import EDGE_MARGIN, MIN_SIDE, Problem
from .fld_lists import (
    GarmentLabels,
    ListRow,
    Lookup,
    Points,
    RawList,
    parse_box,
    parse_joints,
    parse_labels,
    parse_split,
)
from .label_audit import LabelAudit
from .picture_files import PictureFolder, UnusablePictureError
from .raw_data import RawDataError, Size, shown

LANDMARKS = 'Anno/list_landmarks.txt'
BOXES = 'Anno/list_bbox.txt'
JOINTS = 'Anno/list_joints.txt'
PARTITION = 'Eval/list_eval_partition.txt'
# As unpacked by hand, with the archive's folder kept, or flat.
IMAGE_FOLDERS = ('img', 'Img/img', 'Img')

_CODES = '0 (visible), 1 (occluded) and 2 (truncated)'


class FLDSample(NamedTuple):
    id: int
    name: str
    split: str
    labels: GarmentLabels
    box: Tuple[float, ...]  # x1, y1, x2, y2, inside the image
    size: Size
    joints: Optional[Points]


class FLDReader:
    """Iterates over the good samples of a copy of FLD.

    Args:
        root (Path): Folder with ``Anno``, ``Eval`` and the images.
        lenient (bool): Whether samples with problems are left out instead
            of the first problem raised.
        check_images (bool): Whether to open the images; without, sizes are
            unknown and only negative positions count as outside.
        allow_outside (bool): Whether names and links may lead out of the
            folder of images.

    Attributes:
        samples (Counter): Samples by (split, clothes type, variation type).
        partition_counts (Counter): Rows of the partition by split.
        left_out (int): Rows of the landmark list left out.
        problems (list[str]), kinds_of_problems (list[str]): All that was
            wrong, and ``problem_kinds`` (Counter).
        notes (Counter): Harmless observations.
    """

    def __init__(
        self,
        root: Path,
        lenient: bool = False,
        check_images: bool = True,
        allow_outside: bool = False,
    ):
        root = Path(root)
        self.lenient = lenient
        self.check_images = check_images
        self.image_folder = find_image_folder(root)
        self.pictures = PictureFolder(self.image_folder, allow_outside)
        for path in (root / LANDMARKS, root / PARTITION, root / BOXES):
            if not path.is_file():
                raise FileNotFoundError(
                    f'{path} is missing. FLD_ROOT must hold {LANDMARKS}, '
                    f'{BOXES} and {PARTITION}: pass the folder that FLD was '
                    'unpacked to.'
                )
        self.landmarks = RawList(root / LANDMARKS)
        self.partition = RawList(root / PARTITION)
        self.boxes = Lookup(root / BOXES)
        joints = root / JOINTS
        self.joints = Lookup(joints) if joints.is_file() else None
        self.samples: Counter = Counter()
        self.partition_counts: Counter = Counter()
        self.left_out = 0
        self.problems: List[str] = []
        self.kinds_of_problems: List[str] = []
        self.notes: Counter = Counter()
        self._audit = BoxAudit(CORNERS)
        self._label_audit = LabelAudit(Visibility.VISIBLE, _CODES, True)

    def __len__(self) -> int:
        return self.landmarks.count

    def __iter__(self) -> Iterator[FLDSample]:
        splits = self._read_splits()
        seen = set()
        for number, row in enumerate(self.landmarks, 1):
            sample = self._read_sample(number, row, splits, seen)
            if sample is None:
                self.left_out += 1
            else:
                kinds = sample.labels[:2]
                self.samples[(sample.split, *kinds)] += 1
                self._note(sample.labels.landmarks)
                yield sample
        self._check_rest(seen)

    def _report(self, error: RawDataError) -> None:
        if not self.lenient:
            raise error
        self.problems.append(str(error))
        self.kinds_of_problems.append(error.kind)

    @property
    def problem_kinds(self) -> Counter:
        return Counter(self.kinds_of_problems)

    def _attempt(self, function, *args):
        try:
            return function(*args)
        except RawDataError as error:
            return self._report(error)

    def _read_splits(self) -> Dict[str, Optional[str]]:
        """By name; None where the row is in doubt."""
        splits: Dict[str, Optional[str]] = {}
        for row in self.partition:
            split = self._attempt(parse_split, row)
            self.partition_counts[split] += 1
            if row.name in splits:
                first = splits[row.name]
                self._report(row.repeated(f' in {split}, after {first}'))
                split = None
            splits[row.name] = split
        return splits

    def _read_sample(
        self, number: int, row: ListRow, splits: Dict, seen: set
    ) -> Optional[FLDSample]:
        if row.name in seen:
            return self._report(row.repeated())
        seen.add(row.name)
        if row.name not in splits:
            self._report(row.missing_in(self.partition.path))
        split = splits.get(row.name)
        size = self._attempt(self._size, row)
        labels = self._attempt(self._labels, row, size or None)
        box = self._attempt(self._box, row, size or None, labels)
        joints = self._attempt(self._joints, row)
        if None in (split, labels, box, size):
            return None
        size = size or None
        return FLDSample(number, row.name, split, labels, box, size, joints)

    def _size(self, row: ListRow) -> Tuple[int, ...]:
        """Nothing where no image is opened; the name is checked anyway."""
        problem = self.pictures.problem(row.name)
        if problem is None and self.check_images:
            try:
                return self.pictures.size(row.name)
            except UnusablePictureError as error:
                problem = error.problem
        if problem is None:
            return ()
        if problem.kind != 'picture':
            raise row.error(*problem)
        raise row.error(
            'image',
            problem.found,
            problem.expected,
            'Unpack Img/img.zip there, pass --skip-image-check, or leave such '
            'samples out with --lenient.',
        )

    def _labels(self, row: ListRow, size: Size) -> GarmentLabels:
        """Only a truncated landmark may lie outside the image."""
        labels = parse_labels(row)
        width, height = size or (math.inf, math.inf)
        for index, (visibility, x, y) in enumerate(labels.landmarks):
            inside = (
                -EDGE_MARGIN <= x <= width + EDGE_MARGIN
                and -EDGE_MARGIN <= y <= height + EDGE_MARGIN
            )
            if visibility != Visibility.TRUNCATED and not inside:
                names = FLD_SETS[CLOTHES_TYPES[labels.clothes_type]].landmarks
                raise row.error(
                    'position',
                    f'{names[index]} at ({x:g}, {y:g})',
                    f'a position within the {shown(size)} and at most '
                    f'{EDGE_MARGIN:g} px beyond, or visibility 2 (truncated)',
                )
        return labels

    def _box(
        self, row: ListRow, size: Size, labels: Optional[GarmentLabels]
    ) -> Tuple[float, ...]:
        """Round the landmarks, and clipped to the image."""
        box_row = self.boxes.take(row.name)
        if box_row is None:
            raise row.missing_in(self.boxes.path)
        box = parse_box(box_row)
        x1, y1 = max(box[0], 0.0), max(box[1], 0.0)
        x2, y2 = map(min, box[2:], size or (math.inf, math.inf))
        if x2 - x1 < MIN_SIDE or y2 - y1 < MIN_SIDE:
            raise box_row.error(
                'box',
                'the box ({:g}, {:g}, {:g}, {:g})'.format(*box),
                f'a box that covers some of the {shown(size)}, {MIN_SIDE:g} '
                'pixel or more',
            )
        self._hold_against(box_row, box, labels, size)
        self.notes['boxes clipped to the image'] += (x1, y1, x2, y2) != box
        return x1, y1, x2, y2

    def _hold_against(
        self,
        box_row: ListRow,
        box: Tuple[float, ...],
        labels: Optional[GarmentLabels],
        size: Size,
    ) -> None:
        placed = {Visibility.VISIBLE: [], Visibility.OCCLUDED: []}
        for state, x, y in labels.landmarks if labels else ():
            placed.get(state, []).append((x, y))
        visible, hidden = placed.values()
        problem = single_problem(box, visible)
        if problem:
            raise box_row.error(*problem)
        if visible or hidden:
            self._audit.add(box, visible, hidden, size)

    def _joints(self, row: ListRow) -> Optional[Points]:
        if self.joints is None:
            return None
        joint_row = self.joints.take(row.name)
        joints = joint_row and parse_joints(joint_row)
        self.notes['samples without joints'] += joints is None
        return joints

    def _check_rest(self, seen: set) -> None:
        """Rows of the other lists that no landmarks go with, and counts."""
        lookups = [x for x in (self.boxes, self.joints) if x is not None]
        for row in self.partition:
            if row.name not in seen:
                self._report(row.missing_in(self.landmarks.path))
        for row in chain(*(lookup.leftovers() for lookup in lookups)):
            if row.name in seen:
                self._report(row.repeated())
            else:
                self._report(row.missing_in(self.landmarks.path))
        for rows in (self.landmarks, self.partition, *lookups):
            self._attempt(rows.check_count)
        self._raise_of_all(
            self.landmarks.path,
            self._label_audit.problem(),
        )
        self._raise_of_all(self.boxes.path, self._audit.problem())

    def _note(self, landmarks: Points) -> None:
        self._label_audit.add(
            [state for state, _, _ in landmarks],
            [
                None if state == Visibility.TRUNCATED else x
                for state, x, _ in landmarks
            ],
        )

    def _raise_of_all(self, path: Path, problem: Optional[Problem]) -> None:
        """Leaving rows out cannot mend what all of them show."""
        if problem:
            raise problem.error(path)


def find_image_folder(root: Path) -> Path:
    """The folder of the images, ``root/img`` if there is none yet."""
    folders = [Path(root) / folder for folder in IMAGE_FOLDERS]
    return next((f for f in folders if f.is_dir()), folders[0])
