"""What a COCO keypoint file has to look like, record by record.

Checks of our own: a schema library would do a tenth of what is held against
each other here, would be one more thing to install for training, and should
not cost more than reading 120,000 records does.
"""

import math
from typing import Dict, List, Mapping, NamedTuple, Optional

from .raw_data import RawDataError

# Pixels. No kind of picture in use is larger, and beyond 2 ** 24 float32
# cannot tell neighbours apart.
MAX_POSITION = 1_000_000
# Pixels. FLD has landmarks on the picture's very edge (x = width) and a
# little beyond it; what lies further out is a damaged or mismatched file.
EDGE_MARGIN = 2.0
MIN_SIDE = 1.0  # pixels of a box, within the picture
MAX_ID = 2**53  # what every reader of JSON keeps
_MAX_SHOWN = 60
_NUMBERS = {int, float}
_WRITE = 'Correct it where the file was exported.'


class Problem(NamedTuple):
    """``kind`` is what problems are counted by."""

    kind: str
    found: str
    expected: str
    remedy: str = _WRITE

    def error(self, where: str) -> RawDataError:
        kind, *message = self
        return RawDataError(f'{where}: {kind}', *message, kind)


def shown(value: object) -> str:
    """A value in few characters, whatever it is."""
    if isinstance(value, int) and abs(value) > MAX_ID:
        return 'a number of too many digits'
    if isinstance(value, (list, dict)) and len(value) > 8:
        return f'a {type(value).__name__} of {len(value)}'
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # of too many digits, or levels
        return f'a {type(value).__name__}'
    return text if len(text) <= _MAX_SHOWN else f'{text[:_MAX_SHOWN]} ...'


def top_problem(content: object) -> Optional[Problem]:
    """Of the whole: an object with lists of records."""
    if not isinstance(content, dict):
        return Problem(
            'schema',
            f'a {type(content).__name__}',
            "an object with 'images' and 'annotations'",
            'It is no COCO keypoint file: choose that export.',
        )
    for key in ('images', 'annotations', 'categories'):
        if key not in content and key != 'categories':
            return Problem(
                'schema',
                f'no {key!r}',
                'a COCO keypoint file with images and annotations',
                'Choose the export of COCO keypoints, one file per split.',
            )
        records = content.get(key, [])
        if not isinstance(records, list):
            return Problem(
                'schema', f'{key!r} as {shown(records)}', f'a list of {key}'
            )
    return None


def image_problem(img: object) -> Optional[Problem]:
    return (
        _record_problem(img, ('id', 'file_name'))
        or _whole_problem(img, 'id')
        or _text_problem(img, 'file_name')
        or _size_problem(img)
    )


def category_problem(category: object) -> Optional[Problem]:
    problem = _record_problem(category, ('id',)) or _whole_problem(
        category, 'id'
    )
    if problem:
        return problem
    names = category.get('keypoints')
    if names is not None and not (
        isinstance(names, list) and all(isinstance(n, str) for n in names)
    ):
        return Problem(
            'schema', f'keypoints {shown(names)}', 'a list of names'
        )
    return None


def annotation_problem(ann: object) -> Optional[Problem]:
    """Of all that is read of an annotation."""
    problem = (
        _record_problem(ann, ('id', 'image_id'))
        or _whole_problem(ann, 'id')
        or _whole_problem(ann, 'image_id')
        or _whole_problem(ann, 'category_id', optional=True)
        or _crowd_problem(ann)
        or _area_problem(ann)
    )
    if problem or 'keypoints' not in ann or ann.get('iscrowd'):
        return problem  # not used; MMPose and COCO have such
    return _keypoints_problem(ann['keypoints']) or _box_problem(ann)


def _record_problem(record: object, keys: tuple) -> Optional[Problem]:
    if not isinstance(record, dict):
        return Problem('schema', shown(record), 'an object')
    for key in keys:
        if key not in record:
            return Problem('schema', f'no {key!r}', 'one')
    return None


def _whole_problem(
    record: Mapping, key: str, optional: bool = False
) -> Optional[Problem]:
    if optional and key not in record:
        return None
    value = record[key]
    # not isinstance: True is an int
    if type(value) is int and abs(value) <= MAX_ID:
        return None
    return Problem(
        'id',
        f'{key} {shown(value)}',
        'a whole number',
        'Number the records 1, 2, 3, ...',
    )


def _text_problem(record: Mapping, key: str) -> Optional[Problem]:
    value = record[key]
    if isinstance(value, str) and value:
        return None
    return Problem('schema', f'{key} {shown(value)}', "a file's name")


def _size_problem(img: Mapping) -> Optional[Problem]:
    given = [key for key in ('width', 'height') if key in img]
    if len(given) == 1:
        return Problem(
            'size', f'{given[0]} alone', 'width and height, or neither'
        )
    for key in given:
        value = img[key]
        if type(value) not in _NUMBERS or not (
            1 <= value <= MAX_POSITION and value == int(value)
        ):
            return Problem(
                'size', f'{key} {shown(value)}', 'a whole number of pixels'
            )
    return None


def _crowd_problem(ann: Mapping) -> Optional[Problem]:
    value = ann.get('iscrowd', 0)
    if type(value) is int and value in (0, 1):
        return None
    return Problem('schema', f'iscrowd {shown(value)}', '0 or 1')


def _area_problem(ann: Mapping) -> Optional[Problem]:
    value = ann.get('area', 0)
    if value is None or _are_numbers([value], MAX_POSITION**2, 0):
        return None
    return Problem('schema', f'area {shown(value)}', 'a number of pixels')


def _box_problem(ann: Mapping) -> Optional[Problem]:
    box, expected = ann.get('bbox'), 'x, y, width, height in pixels'
    labelled = any(ann['keypoints'][2::3])
    if box is None and not labelled:
        return None  # left out, whatever its box
    if not isinstance(box, list) or len(box) != 4:
        found = f'bbox {shown(box)}' if 'bbox' in ann else 'no bbox'
        return Problem('box', found, expected)
    if not _are_numbers(box):
        return Problem(
            'box', f'bbox {shown(box)}', f'{expected}, all finite numbers'
        )
    if min(box[2:]) <= 0 and labelled:
        return Problem(
            'box', f'bbox {shown(box)}', 'a width and a height above 0'
        )
    return None


def _keypoints_problem(values: object) -> Optional[Problem]:
    if not isinstance(values, list) or not values or len(values) % 3:
        return Problem(
            'landmarks',
            f'keypoints {shown(values)}',
            'a flat list x, y, v for every landmark',
        )
    if not _are_numbers(values):
        index = next(i for i, v in enumerate(values) if not _are_numbers([v]))
        return Problem(
            'landmarks',
            f'landmark {index // 3} with {"xyv"[index % 3]} = '
            f'{shown(values[index])}',
            'finite numbers of pixels, and v 0, 1 or 2',
            'Correct it, or set x, y and v to 0 if it has no position.',
        )
    flags = set(values[2::3])
    if not flags <= {0, 1, 2}:
        index = next(
            i for i, v in enumerate(values[2::3]) if v not in (0, 1, 2)
        )
        return Problem(
            'visibility',
            f'v = {shown(values[3 * index + 2])} of landmark {index}',
            '0 (no position), 1 (occluded) or 2 (visible)',
        )
    return None


def _are_numbers(
    values: List, most: float = MAX_POSITION, least: Optional[float] = None
) -> bool:
    """Whether all are int or float, finite and of a size that can be."""
    if not set(map(type, values)) <= _NUMBERS:
        return False
    low, high = min(values), max(values)
    # comparisons with NaN are false
    return (
        math.isfinite(high)
        and high <= most
        and (low >= (-most if least is None else least))
        and not any(value != value for value in values)
    )


def record_id(record: object, place: int, kind: str) -> str:
    """A record as it is called in messages."""
    identity = record.get('id') if isinstance(record, dict) else None
    if type(identity) is int and abs(identity) <= MAX_ID:
        return f'{kind} {identity}'
    return f'{kind} number {place + 1} of the list'


def by_id(records: List) -> Dict[int, List[Dict]]:
    """All records of every id that is a number."""
    found: Dict[int, List[Dict]] = {}
    for record in records:
        if isinstance(record, dict) and type(record.get('id')) is int:
            found.setdefault(record['id'], []).append(record)
    return found
