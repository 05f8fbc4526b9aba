"""A copy of FLD read sample by sample, every one checked."""

from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, NamedTuple, Optional, Tuple

from .fld_checks import check_inside, clip_box, find_image_folder, image_size
from .fld_raw import (
    Garment,
    parse_box,
    parse_garment,
    parse_joints,
    parse_split,
)
from .raw_list import (
    Lookup,
    Problems,
    RawList,
    RawListError,
    Row,
    duplicate_error,
    missing_row_error,
)

LANDMARKS = 'Anno/list_landmarks.txt'
BOXES = 'Anno/list_bbox.txt'
JOINTS = 'Anno/list_joints.txt'
PARTITION = 'Eval/list_eval_partition.txt'


class FLDSample(NamedTuple):
    id: int
    name: str
    split: str
    garment: Garment
    box: Tuple[float, ...]  # x1, y1, x2, y2, inside the image
    size: Optional[Tuple[int, int]]  # width, height; None where not read
    joints: Optional[Tuple[Tuple[int, float, float], ...]]


class FLDReader:
    """Iterates over the good samples of a copy of FLD.

    Args:
        root (Path): Folder with ``Anno``, ``Eval`` and the images.
        problems (Problems): Told about everything that is wrong.
        check_images (bool): Whether to open the images; without, sizes are
            unknown and only negative positions count as outside.
    """

    def __init__(
        self, root: Path, problems: Problems, check_images: bool = True
    ):
        self.problems = problems
        self.check_images = check_images
        self.image_folder = find_image_folder(root)
        self.landmarks = _open_list(root / LANDMARKS)
        self.partition = _open_list(root / PARTITION)
        self.boxes = Lookup(_open_list(root / BOXES))
        self.joints = None
        if (root / JOINTS).is_file():
            self.joints = Lookup(RawList(root / JOINTS))
        self.partition_counts: Counter = Counter()
        self.notes: Counter = Counter()
        self.left_out = 0

    def __len__(self) -> int:
        return self.landmarks.count

    def __iter__(self) -> Iterator[FLDSample]:
        # None marks a name whose row in the partition is in doubt.
        splits: Dict[str, Optional[str]] = {}
        for row in self.partition:
            self._read_split(row, splits)
        seen = set()
        for number, row in enumerate(self.landmarks, 1):
            sample = self._read_sample(number, row, splits, seen)
            if sample is None:
                self.left_out += 1
            else:
                yield sample
        self._check_rest(seen)

    def _read_split(self, row: Row, splits: Dict) -> None:
        split = self._attempt(parse_split, row)
        self.partition_counts[split] += 1
        if row.name in splits:
            first = splits[row.name]
            self.problems.add(
                duplicate_error(row, f' in {split}, after {first}')
            )
            split = None
        splits[row.name] = split

    def _read_sample(
        self, number: int, row: Row, splits: Dict, seen: set
    ) -> Optional[FLDSample]:
        if row.name in seen:
            return self.problems.add(duplicate_error(row))
        seen.add(row.name)
        split = self._attempt(self._find_split, row, splits)
        size = self._attempt(self._find_size, row)
        garment = self._attempt(self._find_garment, row, size)
        box = self._attempt(self._find_box, row, size)
        joints = self._attempt(self._find_joints, row)
        good = None not in (split, garment, box)
        if self.check_images and size is None:
            good = False
        if not good:
            return None
        return FLDSample(number, row.name, split, garment, box, size, joints)

    def _attempt(self, function, *args):
        try:
            return function(*args)
        except RawListError as error:
            return self.problems.add(error)

    def _find_split(self, row: Row, splits: Dict) -> Optional[str]:
        if row.name not in splits:
            raise missing_row_error(row, self.partition)
        return splits[row.name]

    def _find_size(self, row: Row) -> Optional[Tuple[int, int]]:
        if not self.check_images:
            return None
        return image_size(self.image_folder / row.name, row)

    def _find_garment(self, row: Row, size) -> Garment:
        garment = parse_garment(row)
        check_inside(row, garment, size)
        return garment

    def _find_box(self, row: Row, size) -> Tuple[float, ...]:
        box_row = self.boxes.take(row.name)
        if box_row is None:
            raise missing_row_error(row, self.boxes.rows)
        box = parse_box(box_row)
        clipped = clip_box(box_row, box, size)
        self.notes['boxes clipped to the image'] += clipped != box
        return clipped

    def _find_joints(self, row: Row):
        if self.joints is None:
            return None
        joint_row = self.joints.take(row.name)
        joints = joint_row and parse_joints(joint_row)
        self.notes['samples without joints'] += joints is None
        return joints

    def _check_rest(self, seen: set) -> None:
        for row in self.partition:
            if row.name not in seen:
                self.problems.add(missing_row_error(row, self.landmarks))
        lookups = [x for x in (self.boxes, self.joints) if x is not None]
        for row in (row for x in lookups for row in x.leftovers()):
            error = duplicate_error(row)
            if row.name not in seen:
                error = missing_row_error(row, self.landmarks)
            self.problems.add(error)
        for rows in (
            self.landmarks,
            self.partition,
            *(x.rows for x in lookups),
        ):
            if rows.count_error() is not None:
                self.problems.add(rows.count_error())


def _open_list(path: Path) -> RawList:
    if path.is_file():
        return RawList(path)
    raise FileNotFoundError(
        f'{path} is missing. FLD_ROOT must hold {LANDMARKS}, {BOXES} and '
        f'{PARTITION}: pass the folder that FLD was unpacked to.'
    )
