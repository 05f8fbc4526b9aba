"""COCO files that are a little or very wrong, and what must hold of them."""

import json
import os
import random
from copy import deepcopy
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import cv2
import numpy as np

from dfa_mm.datasets import FLDDataset
from dfa_mm.structures import FLD_SETS, TYPE_SLOTS
from dfa_mm.structures.mirror_pairs import spelling

SIZES = {'a.png': (120, 160), 'b.png': (200, 150), 'sub/c.png': (90, 130)}
_NAMES = list(FLD_SETS['all'].landmarks)
_FAR = 0.26  # of a box's long side; the checks allow 0.25
_EDGE = 2.01  # pixels; the checks allow 2

_NUMBERS = [
    *(0, 1, -1, 2, 3, 5, 0.5, 1.0, 2.0, 1e9, -1e9, 1e308, 1e-300, 10**30),
    *(2**53, 2**63, True, False, 255, 159.5, 161, 162.5, 1000000, 1000001),
]
_TEXTS = [
    *('', ' ', '1', '1_0', 'nan', 'a.png', '../a.png', '/etc/passwd', 'sub'),
    *('sub\\c.png', 'C:\\a.png', 'http://x/a.png', 'a\0b', '\udc80', '\ud800'),
    *('pipe', 'loop', 'link.png', 'broken.png', './a.png', 'sub/../a.png'),
    *('left collar', 'x' * 5000, '\xa0', '\n', '左'),
]
_OTHERS = [None, [], {}, [[]], [None], {'id': 1}, [1, 2, 3, 4], [0, 0, 0] * 8]
VALUES = [*_NUMBERS, *_TEXTS, *_OTHERS]


def make_pictures(folder: Path) -> None:
    """Three good ones, a broken one, and names that lead astray."""
    for name, (width, height) in SIZES.items():
        path = folder / 'img' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((height, width, 3), 90, np.uint8))
    images = folder / 'img'
    (images / 'broken.png').write_bytes(b'no picture')
    (images / 'link.png').symlink_to(folder / 'outside.png')
    (images / 'loop').symlink_to('loop')
    cv2.imwrite(str(folder / 'outside.png'), np.zeros((160, 120, 3), np.uint8))
    os.mkfifo(images / 'pipe')


def base() -> Dict:
    """A shirt, trousers and a dress, and a second shirt beside them."""
    shirt = [45, 22, 2, 78, 21, 2, 14, 90, 2, 112, 95, 1]
    shirt += [0, 0, 0, 0, 0, 0, 30, 148, 2, 0, 0, 0]
    trousers = [0, 0, 0] * 4 + [22, 72, 2, 58, 72, 1, 14, 142, 2, 66, 143, 2]
    dress = [138, 14, 2, 160, 13, 2, 118, 50, 2, 184, 52, 2]
    dress += [132, 60, 2, 168, 61, 2, 122, 136, 2, 180, 137, 2]
    other = [20, 10, 2, 60, 11, 2, 8, 80, 2, 80, 81, 2]
    other += [0, 0, 0, 0, 0, 0, 15, 120, 2, 75, 121, 2]
    rows = [
        (1, 1, 1, [10, 15, 108, 140], shirt),
        (2, 2, 2, [10, 68, 62, 80], trousers),
        (3, 2, 3, [110, 8, 80, 135], dress),
        (4, 3, 1, [5, 5, 80, 120], other),
    ]
    return dict(
        images=[
            dict(id=i, file_name=name, width=size[0], height=size[1])
            for i, (name, size) in enumerate(SIZES.items(), 1)
        ],
        annotations=[
            dict(
                id=number,
                image_id=image,
                category_id=1,
                clothes_type=kind,
                bbox=box,
                area=box[2] * box[3],
                iscrowd=0,
                keypoints=landmarks,
            )
            for number, image, kind, box, landmarks in rows
        ],
        categories=[dict(id=1, name='clothes', keypoints=list(_NAMES))],
    )


# mutations: each changes a content in place


def _places(node, path=()) -> List[Tuple]:
    """Every place in a content, as the keys that lead there."""
    found = [path] if path else []
    if isinstance(node, dict):
        items = list(node.items())
    elif isinstance(node, list):
        items = list(enumerate(node))
    else:
        return found
    for key, value in items:
        found += _places(value, (*path, key))
    return found


def _parent(content, place: Tuple):
    for key in place[:-1]:
        content = content[key]
    return content


def _replace(content: Dict, rng: random.Random) -> None:
    place = rng.choice(_places(content))
    value = deepcopy(rng.choice(VALUES))
    _parent(content, place)[place[-1]] = value


def _remove(content: Dict, rng: random.Random) -> None:
    place = rng.choice(_places(content))
    del _parent(content, place)[place[-1]]


def _as_text(content: Dict, rng: random.Random) -> None:
    place = rng.choice(_places(content))
    parent = _parent(content, place)
    parent[place[-1]] = str(parent[place[-1]])


def _nudge(content: Dict, rng: random.Random) -> None:
    """A number a little or far off."""
    places = [
        place
        for place in _places(content)
        if isinstance(_parent(content, place)[place[-1]], (int, float))
    ]
    if places:
        place = rng.choice(places)
        parent = _parent(content, place)
        parent[place[-1]] += rng.choice((-1e6, -150, -20, -1, 1, 20, 150, 1e6))


def _exchange(content: Dict, rng: random.Random) -> None:
    """Two records, or a value of each."""
    records = content.get(rng.choice(('images', 'annotations')))
    if not isinstance(records, list) or len(records) < 2:
        return
    a, b = rng.sample(range(len(records)), 2)
    if rng.random() < 0.2 or not all(
        isinstance(records[i], dict) for i in (a, b)
    ):
        records[a], records[b] = records[b], records[a]
        return
    common = sorted(records[a].keys() & records[b].keys())
    if common:
        key = rng.choice(common)
        one, other = records[a], records[b]
        one[key], other[key] = other[key], one[key]


def _repeat(content: Dict, rng: random.Random) -> None:
    key = rng.choice(('images', 'annotations', 'categories'))
    records = content.get(key)
    if isinstance(records, list) and records:
        records.append(deepcopy(rng.choice(records)))


def _each_box(change: Callable[[List, Dict], List]) -> Callable:
    def mutate(content: Dict, rng: random.Random) -> None:
        sizes = {
            img['id']: img
            for img in content['images']
            if isinstance(img, dict)
        }
        for ann in content['annotations']:
            ann['bbox'] = change(ann['bbox'], sizes[ann['image_id']])

    return mutate


def _scaled(x: float, y: float) -> Callable:
    """All labels, by parts of the picture where x is 0."""

    def mutate(content: Dict, rng: random.Random) -> None:
        sizes = {img['id']: img for img in content['images']}
        for ann in content['annotations']:
            img = sizes[ann['image_id']]
            sx = x or y / img['width']
            sy = x or y / img['height']
            box = ann['bbox']
            ann['bbox'] = [box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy]
            ann['keypoints'] = [
                value * (sx, sy, 1)[i % 3]
                for i, value in enumerate(ann['keypoints'])
            ]

    return mutate


def _shift_boxes(content: Dict, rng: random.Random) -> None:
    anns = content['annotations']
    boxes = [ann['bbox'] for ann in anns]
    for ann, box in zip(anns, boxes[1:] + boxes[:1]):
        ann['bbox'] = box


def _reorder(content: Dict, rng: random.Random) -> None:
    """Other landmark order, and said so: nothing wrong with that."""
    order = list(range(len(_NAMES)))
    rng.shuffle(order)
    content['categories'][0]['keypoints'] = [_NAMES[i] for i in order]
    for ann in content['annotations']:
        values = ann['keypoints']
        ann['keypoints'] = [
            v for i in order for v in values[3 * i : 3 * i + 3]
        ]


def _respell(content: Dict, rng: random.Random) -> None:
    names = content['categories'][0]['keypoints']
    style = rng.choice((str.upper, str.title, lambda n: n.replace(' ', '_')))
    content['categories'][0]['keypoints'] = [style(name) for name in names]


def _renumber(content: Dict, rng: random.Random) -> None:
    """Two files joined: ids begin anew."""
    for key in ('images', 'annotations'):
        for i, record in enumerate(content[key]):
            record['id'] = 1 + i % 2


def _no_sizes(content: Dict, rng: random.Random) -> None:
    for img in content['images']:
        del img['width'], img['height']


def _turn(content: Dict, rng: random.Random) -> None:
    for img in content['images']:
        img['width'], img['height'] = img['height'], img['width']


MUTATIONS = [
    *[_replace] * 8,
    *[_nudge] * 5,
    *[_remove] * 4,
    *[_exchange] * 3,
    *[_as_text] * 2,
    *[_repeat] * 2,
    *(_reorder, _respell, _renumber, _no_sizes, _turn, _shift_boxes),
    _each_box(lambda b, img: [b[0], b[1], b[0] + b[2], b[1] + b[3]]),
    _each_box(lambda b, img: [b[0] + b[2] / 2, b[1] + b[3] / 2, *b[2:]]),
    _each_box(lambda b, img: [b[1], b[0], b[3], b[2]]),
    *(_scaled(0, 1), _scaled(0, 100), _scaled(0, 1000), _scaled(2, 2)),
    _scaled(0.5, 0.5),
]
_WHOLE = 0.55  # of the inputs stay JSON; in others bytes change
_ENCODINGS = ['utf-8-sig', 'utf-16', 'utf-32', 'latin-1', 'utf-16-le']


def make(rng: random.Random) -> bytes:
    """One file: one to three mutations of content, then some of bytes."""
    content = base()
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
        try:
            rng.choice(MUTATIONS)(content, rng)
        except (KeyError, TypeError, AttributeError, IndexError, ValueError):
            continue  # an earlier one has changed what it needs
        except ArithmeticError:
            continue
    text = json.dumps(content, ensure_ascii=rng.random() < 0.8)
    data = text.encode('utf-8', 'surrogatepass')
    if rng.random() < _WHOLE:
        return data
    return _spoil(data, text, rng)


def _spoil(data: bytes, text: str, rng: random.Random) -> bytes:
    kind = rng.randrange(9)
    at = rng.randrange(len(data) + 1)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        end = min(len(data), at + rng.randrange(40))
        return data[:at] + data[end:]
    if kind == 3:
        return data[:at] + data[max(0, at - 30) : at] + data[at:]
    if kind == 4:
        return text.encode(rng.choice(_ENCODINGS), 'ignore')
    if kind == 5:
        digits = rng.choice(['9' * 5000, '1e400', '-1e999', 'NaN', 'Infinity'])
        return data.replace(b'120', digits.encode(), 1)
    if kind == 6:
        depth = rng.choice((10, 1000, 100_000))
        nested = b'[' * depth + b']' * depth
        return data.replace(b'[10, 15', nested + b'[10, 15', 1)
    if kind == 7:
        return data.replace(b'"id": 1', b'"id": 1, "id": 2', 1)
    return bytes(rng.randrange(256) for _ in range(rng.randrange(200)))


# what must hold


def load(path: Path, folder: Path, lenient: bool) -> FLDDataset:
    return FLDDataset(
        ann_file=str(path),
        data_root='',
        data_prefix=dict(img=str(folder / 'img')),
        lenient=lenient,
        serialize_data=False,
    )


def wrong(dataset: FLDDataset, data: bytes) -> List[str]:
    """What a file that was accepted should not have been accepted for."""
    content = json.loads(data)
    anns = {ann['id']: ann for ann in content['annotations'] if _has_id(ann)}
    images = {img['id']: img for img in content['images'] if _has_id(img)}
    faults = []
    total = len(dataset) + len(dataset.dropped)
    if total != len(content['annotations']):
        faults.append('annotations vanished')
    if not dataset.lenient and _twice(content):
        faults.append('an id twice')
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        ann = anns.get(info['id'])
        if ann is None or ann['image_id'] not in images:
            faults.append('an id that the file does not have')
            continue
        faults += _sample_faults(info, ann, images[ann['image_id']], content)
    return faults


def _has_id(record) -> bool:
    return isinstance(record, dict) and type(record.get('id')) is int


def _twice(content: Dict) -> bool:
    for key in ('images', 'annotations'):
        ids = [record['id'] for record in content[key]]
        if len(ids) != len(set(ids)):
            return True
    return False


def _sample_faults(info: Dict, ann: Dict, img: Dict, content: Dict) -> List:
    name = str(Path(img['file_name']))
    if name not in SIZES:
        return [f'the picture {name!r}']
    faults = []
    width, height = SIZES[name]
    if (img.get('width', width), img.get('height', height)) != (width, height):
        faults.append('a wrong size')
    points = info['keypoints'][0].astype(float)
    states = info['landmark_visibility'][0]
    x1, y1, x2, y2 = info['bbox'][0].astype(float)
    if not set(states.tolist()) <= {-1, 0, 1, 2}:
        faults.append('a state')
    placed = points[(states == 0) | (states == 1)]
    if not np.isfinite(points).all() or not (
        (placed >= -_EDGE).all()
        and (placed <= np.add((width, height), _EDGE)).all()
    ):
        faults.append('a landmark outside the picture')
    # in float32, of a box that may begin at a million
    if not (0 <= x1 < x2 <= width + 0.1 and 0 <= y1 < y2 <= height + 0.1):
        faults.append('a box outside the picture')
    faults += _box_faults(ann['bbox'], points[states == 0])
    faults += _order_faults(info, ann, content)
    return faults


def _box_faults(box: List, visible: np.ndarray) -> List[str]:
    if any(type(value) not in (int, float) for value in box):
        return ['a box of no numbers']
    low = np.array(box[:2], float)
    high = low + box[2:]
    far = np.concatenate([low - visible, visible - high]).max(initial=0)
    if far > _FAR * max(box[2:]):
        return ['a landmark far from its box']
    return []


def _order_faults(info: Dict, ann: Dict, content: Dict) -> List[str]:
    """Landmarks compared by name, as the file gives names."""
    names = _NAMES
    for category in content.get('categories', []):
        if category['id'] == ann.get('category_id', category['id']):
            names = category.get('keypoints') or names
    kind = ann['clothes_type']
    if type(kind) is not int:
        return ['a type that is no number']
    values = ann['keypoints']
    by_name = {
        spelling(name): values[3 * i : 3 * i + 3]
        for i, name in enumerate(names)
    }
    for slot, name in enumerate(_NAMES):
        x, y, flag = by_name[spelling(name)]
        if type(flag) is bool or flag not in (0, 1, 2):
            return ['a flag']
        state = info['landmark_visibility'][0][slot]
        expected = 2 - flag if slot in TYPE_SLOTS[kind] else -1
        if state != expected:
            return ['a state that the file does not give']
        if flag and not np.allclose(info['keypoints'][0][slot], (x, y)):
            return ['a place that the file does not give']
    return []
