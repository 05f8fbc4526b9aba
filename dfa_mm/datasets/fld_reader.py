"""A copy of FLD read sample by sample, every one checked."""

from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, NamedTuple, Optional, Tuple

from .fld_checks import check_inside, clip_box, find_image_folder, image_size
from .fld_raw import (
    GarmentLabels,
    Points,
    parse_box,
    parse_joints,
    parse_labels,
    parse_split,
)
from .raw_list import (
    ListRow,
    Lookup,
    Problems,
    RawList,
    RawListError,
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
    labels: GarmentLabels
    box: Tuple[float, ...]  # x1, y1, x2, y2, inside the image
    size: Optional[Tuple[int, int]]  # width, height; None where not read
    joints: Optional[Points]


class FLDReader:
    """Iterates over the good samples of a copy of FLD.

    Args:
        root (Path): Folder with ``Anno``, ``Eval`` and the images.
        lenient (bool): Whether samples with problems are left out, and
            the ``problems`` told, instead of raised.
        check_images (bool): Whether to open the images; without, sizes are
            unknown and only negative positions count as outside.
    """

    def __init__(
        self, root: Path, lenient: bool = False, check_images: bool = True
    ):
        self.problems = Problems(lenient)
        self.check_images = check_images
        self.image_folder = find_image_folder(root)
        self.landmarks = _open_list(Path(root) / LANDMARKS)
        self.partition = _open_list(Path(root) / PARTITION)
        self.boxes = Lookup(_open_list(Path(root) / BOXES))
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

    def _read_split(self, row: ListRow, splits: Dict) -> None:
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
        self, number: int, row: ListRow, splits: Dict, seen: set
    ) -> Optional[FLDSample]:
        if row.name in seen:
            return self.problems.add(duplicate_error(row))
        seen.add(row.name)
        split = self._attempt(self._find_split, row, splits)
        size = None
        if self.check_images:
            path = self.image_folder / row.name
            size = self._attempt(image_size, path, row)
        labels = self._attempt(self._find_labels, row, size)
        box = self._attempt(self._find_box, row, size)
        joints = self._attempt(self._find_joints, row)
        needed = (split, labels, box, size if self.check_images else ())
        if None in needed:
            return None
        return FLDSample(number, row.name, split, labels, box, size, joints)

    def _attempt(self, function, *args):
        try:
            return function(*args)
        except RawListError as error:
            return self.problems.add(error)

    def _find_split(self, row: ListRow, splits: Dict) -> Optional[str]:
        if row.name not in splits:
            raise missing_row_error(row, self.partition)
        return splits[row.name]

    def _find_labels(self, row: ListRow, size) -> GarmentLabels:
        labels = parse_labels(row)
        check_inside(row, labels, size)
        return labels

    def _find_box(self, row: ListRow, size) -> Tuple[float, ...]:
        box_row = self.boxes.take(row.name)
        if box_row is None:
            raise missing_row_error(row, self.boxes.rows)
        box = parse_box(box_row)
        clipped = clip_box(box_row, box, size)
        self.notes['boxes clipped to the image'] += clipped != box
        return clipped

    def _find_joints(self, row: ListRow) -> Optional[Points]:
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
                self.problems.add(missing_row_error(row, self.landmarks))
        for row in (row for lookup in lookups for row in lookup.leftovers()):
            error = duplicate_error(row)
            if row.name not in seen:
                error = missing_row_error(row, self.landmarks)
            self.problems.add(error)
        others = [lookup.rows for lookup in lookups]
        for rows in (self.landmarks, self.partition, *others):
            if rows.count_error() is not None:
                self.problems.add(rows.count_error())


def _open_list(path: Path) -> RawList:
    if path.is_file():
        return RawList(path)
    raise FileNotFoundError(
        f'{path} is missing. FLD_ROOT must hold {LANDMARKS}, {BOXES} and '
        f'{PARTITION}: pass the folder that FLD was unpacked to.'
    )
