"""What is wrong with a file of annotations, without training on it."""

from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence

from dfa_mm.structures import FLD_SETS, LandmarkSet
from dfa_mm.structures.mirror_pairs import spelling

from .coco_checks import CocoChecker
from .coco_schema import Problem, top_problem
from .fld_garment import ALL, garment_problem
from .fld_reader import IMAGE_FOLDERS, LANDMARKS, FLDReader
from .json_files import read_json
from .picture_files import PictureFolder
from .raw_data import RawDataError

MAX_SHOWN = 20
_FOLDERS = ('.', *IMAGE_FOLDERS, 'images')


class CheckReport:
    """Problems, one line each, and how many samples there are without.

    Iterating goes over all of the lines.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.good = 0
        self.left_out = 0
        self._lines: Dict[str, List[str]] = defaultdict(list)  # by kind

    def add(self, line: str, kind: str) -> None:
        self._lines[kind].append(line)

    def __iter__(self) -> Iterator[str]:
        for lines in self._lines.values():
            yield from lines

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def counts(self) -> Dict[str, int]:
        return {kind: len(lines) for kind, lines in self._lines.items()}

    def first(self, number: int = MAX_SHOWN) -> List[str]:
        """The first lines of every kind, and how many more there are."""
        shown = []
        for kind, lines in self._lines.items():
            shown += lines[:number]
            if len(lines) > number:
                shown.append(f'... and {len(lines) - number} more of {kind}')
        return shown


def check_file(
    path: Path,
    images: Optional[Path] = None,
    landmarks: Optional[Sequence[str]] = None,
    check_pictures: bool = True,
    allow_outside: bool = False,
) -> CheckReport:
    """Of a COCO keypoint file, or of FLD's lists by folder or by one list.

    Args:
        images (Path, optional): Folder of the pictures; by default the one
            near the file that has the first of them.
        landmarks (Sequence[str], optional): What they should be; by default
            those that the file names.
        check_pictures (bool): Whether every picture's header is read.
        allow_outside (bool): Whether names and links may lead out of the
            folder of pictures.

    Raises:
        OSError: If there is nothing to read.
    """
    path = Path(path)
    report = CheckReport(path)
    root = path.parent.parent if path.suffix == '.txt' else path
    if (root / LANDMARKS).is_file():
        _check_lists(report, root, check_pictures, allow_outside)
        return report
    try:
        content = read_json(path)
        problem = top_problem(content)
        if problem:
            raise problem.error(f'{path}, file')
    except RawDataError as error:
        report.add(str(error), error.kind)
        return report
    names = list(landmarks or _names(content))
    _check_names(report, names)
    folder = images or _find_images(path, content)
    checker = CocoChecker(
        str(path),
        names,
        PictureFolder(folder, allow_outside),
        lenient=True,
        look=check_pictures,
        sides=_fld_subset(names) is not None,
    )
    _check_coco(report, checker, content)
    return report


def _check_lists(
    report: CheckReport, root: Path, check_pictures: bool, allow_outside: bool
) -> None:
    try:
        reader = FLDReader(root, True, check_pictures, allow_outside)
    except RawDataError as error:  # of a list's first line
        report.add(str(error), error.kind)
        return
    try:
        report.good = sum(1 for _ in reader)
    except RawDataError as error:
        report.add(str(error), error.kind)
    for line, kind in zip(reader.problems, reader.kinds_of_problems):
        report.add(line, kind)
    report.left_out = reader.left_out


def _check_coco(
    report: CheckReport, checker: CocoChecker, content: Dict
) -> None:
    try:
        good = checker.check(content)['annotations']
    except RawDataError as error:
        good = []
        report.add(str(error), error.kind)
    subset = _fld_subset(checker.landmarks)
    for ann in good:
        problem = _count_problem(ann, len(checker.landmarks))
        labelled = ann.get('keypoints') and not ann.get('iscrowd')
        if problem is None and subset and labelled and 'clothes_type' in ann:
            problem = garment_problem(ann, subset)
        if problem:
            where = f'annotation {ann["id"]}'
            checker.report(checker.error(where, problem))
            checker.leave_out(ann, problem.kind)
    for line, kind in zip(checker.problems, checker.kinds_of_problems):
        report.add(line, kind)
    report.left_out = len(checker.left_out)
    report.good = len(content['annotations']) - report.left_out


def _count_problem(ann: Dict, number: int) -> Optional[Problem]:
    values = ann.get('keypoints')
    if ann.get('iscrowd') or values is None or len(values) == 3 * number:
        return None
    return Problem(
        'landmarks', f'{len(values)} numbers', f'3 x {number} as in the others'
    )


def _check_names(report: CheckReport, names: Sequence[str]) -> None:
    try:
        LandmarkSet('file', tuple(names))
    except ValueError as error:
        report.add(f'{report.path}, categories: names: {error}', 'names')


def _names(content: Dict) -> List[str]:
    """Of the first category that names landmarks; else their numbers."""
    for category in content.get('categories', []):
        names = isinstance(category, dict) and category.get('keypoints')
        if names and isinstance(names, list) and _are_texts(names):
            return names
    for ann in content['annotations']:
        values = isinstance(ann, dict) and ann.get('keypoints')
        if values and isinstance(values, list):
            return [f'number {i}' for i in range(len(values) // 3)]
    return []


def _are_texts(names: Sequence) -> bool:
    return all(isinstance(name, str) and name.strip() for name in names)


def _fld_subset(names: Sequence[str]) -> Optional[str]:
    found = [spelling(name) for name in names]
    for subset in (ALL, *FLD_SETS):
        if found == [spelling(name) for name in FLD_SETS[subset].landmarks]:
            return subset
    return None


def _find_images(path: Path, content: Dict) -> Path:
    name = next(
        (
            img['file_name']
            for img in content['images']
            if isinstance(img, dict) and isinstance(img.get('file_name'), str)
        ),
        '',
    )
    for base in (path.parent, path.parent.parent):
        for folder in _FOLDERS:
            try:
                if name and (base / folder / name).exists():
                    return base / folder
            except (OSError, ValueError):  # a name that no file has
                break
    return path.parent
