"""FLD's lists that are a little or very wrong, and what must hold of them."""

import os
import random
import re
import shutil
from pathlib import Path
from typing import Dict, List

import cv2
import numpy as np

from dfa_mm.datasets.fld_reader import (
    BOXES,
    JOINTS,
    LANDMARKS,
    PARTITION,
    FLDReader,
    FLDSample,
)

LISTS = (LANDMARKS, BOXES, PARTITION, JOINTS)
WIDTH, HEIGHT = 300, 250
NAMES = [f'img_{i:08d}.png' for i in range(1, 5)]
_FAR = 0.26  # of a box's long side; the checks allow 0.25
_EDGE = 2.01
_NUMBER = re.compile(r'[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?')
_BLANKS = re.compile(r'[ \t\r\n\f\v]+')

_TOKENS = [
    *('', '0', '1', '2', '3', '-1', '07', '1_0', '1e3', '1e400', 'nan', 'inf'),
    *('0x10', '1,5', '٣', '１', '9' * 5000, '-', '.', '1.', '.5', '1e-5', '%'),
    *('None', 'train', 'img/', 'img/../img/img_00000001.png', '/etc/passwd'),
    *('img/pipe', 'img/link.png', 'img/loop', 'img/broken.png', '\0', '\xa0'),
    *('\u200b', '\ufeff', '\u2028', '1e9', '299.5', '303', '\udc80'),
]
_LINES = [
    *('', ' ', '\xa0', '\u3000', '\ufeff', '\x0c', '\x1c', '\x85', 'x', '\0'),
    *('img/', 'img/ 1 1', '\u2028', '3', '\t \t', '\xa0 \xa0'),
]
_COUNTS = ['', '-1', '0', '5', '9' * 5000, '٤', '4.0', '1_0', '4 4', 'x', '４']


def make_pictures(folder: Path) -> None:
    images = folder / 'img'
    images.mkdir(parents=True)
    for name in NAMES:
        picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        cv2.imwrite(str(images / name), picture)
    (images / 'broken.png').write_bytes(b'no picture')
    (images / 'loop').symlink_to('loop')
    shutil.copy(images / NAMES[0], folder / 'outside.png')
    (images / 'link.png').symlink_to(folder / 'outside.png')
    os.mkfifo(images / 'pipe')


def base() -> Dict[str, List[str]]:
    names = [f'img/{name}' for name in NAMES]
    shirt = '0 60 20 0 120 21 0 22 90 1 170 95 0 50 200 2 0 0'
    trousers = '0 130 30 0 210 31 0 120 230 0 222 228'
    dress = '0 60 10 0 110 12 0 30 80 0 150 82 0 60 90 1 120 91 0 40 240'
    return {
        LANDMARKS: [
            f'{names[0]} 1 1 {shirt}',
            f'{names[1]} 2 3 {trousers}',
            f'{names[2]} 3 5 {dress} 0 140 239',
            f'{names[3]} 2 2 0 190 130 0 260 131 1 180 240 0 280 238',
        ],
        BOXES: [
            f'{names[0]} 015 010 180 210',
            f'{names[1]} 112 25 230 240',
            f'{names[2]} 25 5 155 248',
            f'{names[3]} 170 120 290 245',
        ],
        PARTITION: [
            f'{name} {split}'
            for name, split in zip(names, ('train', 'train', 'val', 'test'))
        ],
        JOINTS: [f'{names[2]} 1 1' + ' 0 20 30' * 14],
    }


# mutations


def _token(rows: List[str], rng: random.Random) -> None:
    i = rng.randrange(len(rows))
    fields = rows[i].split(' ')
    fields[rng.randrange(len(fields))] = rng.choice(_TOKENS)
    rows[i] = rng.choice((' ', ' ', '\t', '  ', '\xa0')).join(fields)


def _nudge(rows: List[str], rng: random.Random) -> None:
    i = rng.randrange(len(rows))
    fields = rows[i].split(' ')
    at = rng.randrange(len(fields))
    if fields[at].isdecimal():
        change = rng.choice((-300, -50, -5, -1, 1, 5, 50, 300))
        fields[at] = str(int(fields[at][:9]) + change)
    rows[i] = ' '.join(fields)


def _drop(rows: List[str], rng: random.Random) -> None:
    del rows[rng.randrange(len(rows))]


def _repeat(rows: List[str], rng: random.Random) -> None:
    rows.insert(rng.randrange(len(rows) + 1), rng.choice(rows))


def _insert(rows: List[str], rng: random.Random) -> None:
    rows.insert(rng.randrange(len(rows) + 1), rng.choice(_LINES))


def _shorten(rows: List[str], rng: random.Random) -> None:
    i = rng.randrange(len(rows))
    rows[i] = rows[i][: rng.randrange(len(rows[i]) + 1)]


def _shuffle(rows: List[str], rng: random.Random) -> None:
    rng.shuffle(rows)


def _shift(rows: List[str], rng: random.Random) -> None:
    """What follows the name moves a row."""
    parts = [row.partition(' ') for row in rows]
    rest = [part[2] for part in parts]
    rest = rest[1:] + rest[:1]
    rows[:] = [f'{part[0]} {text}' for part, text in zip(parts, rest)]


def _as_sizes(rows: List[str], rng: random.Random) -> None:
    """x y w h in place of corners, in any list of four numbers."""
    for i, row in enumerate(rows):
        name, *numbers = row.split()
        x1, y1, x2, y2 = map(int, numbers)
        rows[i] = f'{name} {x1} {y1} {x2 - x1} {y2 - y1}'


_MUTATIONS = [*[_token] * 6, *[_nudge] * 4, *[_insert] * 3, _drop, _repeat]
_MUTATIONS += [_shorten, _shuffle, _shift, _as_sizes]


def make(rng: random.Random) -> Dict[str, bytes]:
    """The lists, some of them changed; joints may be missing."""
    lists = base()
    counts = {path: str(len(rows)) for path, rows in lists.items()}
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
        path = rng.choice(LISTS)
        try:
            rng.choice(_MUTATIONS)(lists[path], rng)
        except ValueError:  # an earlier one has changed what it needs
            continue
        except IndexError:
            continue
        if rng.random() < 0.7:
            counts[path] = str(len([x for x in lists[path] if x.strip()]))
    if rng.random() < 0.05:
        counts[rng.choice(LISTS)] = rng.choice(_COUNTS)
    if rng.random() < 0.5:
        del lists[JOINTS]
    files = {
        path: _encode('\n'.join([counts[path], 'names', *rows, '']), rng)
        for path, rows in lists.items()
    }
    if rng.random() < 0.15:
        path = rng.choice(sorted(files))
        files[path] = _spoil(files[path], rng)
    return files


def _encode(text: str, rng: random.Random) -> bytes:
    if rng.random() < 0.02:
        return text.encode('utf-16', 'replace')
    if rng.random() < 0.02:
        return text.encode('latin-1', 'replace')
    return text.encode('utf-8', 'surrogatepass')


def _spoil(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    kind = rng.randrange(5)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + data[at + rng.randrange(40) :]
    if kind == 3:
        return data[:at] + data[max(0, at - 30) : at] + data[at:]
    return bytes(rng.randrange(256) for _ in range(rng.randrange(300)))


# what must hold


def write(files: Dict[str, bytes], folder: Path) -> None:
    for path in LISTS:
        file = folder / path
        file.parent.mkdir(exist_ok=True)
        if path in files:
            file.write_bytes(files[path])
        else:
            file.unlink(missing_ok=True)


def load(folder: Path, lenient: bool) -> List[FLDSample]:
    """To the end, where lists are compared."""
    return list(FLDReader(folder, lenient))


def wrong(samples: List[FLDSample], files: Dict[str, bytes]) -> List[str]:
    """What lists that were accepted should not have been accepted for."""
    faults = []
    names = [sample.name for sample in samples]
    if len(names) != len(set(names)):
        faults.append('a name twice')
    rows = {path: _rows(files[path]) for path in (LANDMARKS, BOXES)}
    for sample in samples:
        faults += _sample_faults(sample)
        for path, numbers in (
            (LANDMARKS, [n for each in sample.labels.landmarks for n in each]),
            (BOXES, None),
        ):
            faults += _text_faults(rows[path].get(sample.name), numbers)
    return faults


def _rows(data: bytes) -> Dict[str, List[str]]:
    wide = data[:2] in (b'\xff\xfe', b'\xfe\xff')
    if wide:
        text = data.decode('utf-16', 'replace')
    else:
        text = data.decode('utf-8-sig', 'surrogateescape')
    found: Dict[str, List[str]] = {}
    for line in re.split(r'\r\n|\r|\n', text)[2:]:
        fields = [field for field in _BLANKS.split(line) if field]
        if fields:
            found.setdefault(fields[0].removeprefix('img/'), fields[1:])
    return found


def _text_faults(fields: List[str], numbers) -> List[str]:
    if fields is None:
        return ['a sample without a row']
    if any(not _NUMBER.fullmatch(field) for field in fields):
        return ['a number that is none']
    if numbers is not None and [float(f) for f in fields[2:]] != numbers:
        return ['numbers that the list does not give']
    return []


def _sample_faults(sample: FLDSample) -> List[str]:
    if sample.name not in NAMES:
        return [f'the picture {sample.name!r}']
    faults = []
    if sample.size != (WIDTH, HEIGHT):
        faults.append('a wrong size')
    x1, y1, x2, y2 = sample.box
    if not (0 <= x1 < x2 <= WIDTH and 0 <= y1 < y2 <= HEIGHT):
        faults.append('a box outside the picture')
    if sample.split not in ('train', 'val', 'test'):
        faults.append('a split')
    long_side = max(x2 - x1, y2 - y1)
    for state, x, y in sample.labels.landmarks:
        if state not in (0, 1, 2):
            faults.append('a state')
        if state == 2:
            continue
        if not (
            -_EDGE <= x <= WIDTH + _EDGE and -_EDGE <= y <= HEIGHT + _EDGE
        ):
            faults.append('a landmark outside the picture')
        # the box is cut at the picture, which landmarks may leave by _EDGE
        far = max(x1 - x, y1 - y, x - x2, y - y2)
        if state == 0 and far > _FAR * max(long_side, WIDTH) + _EDGE:
            faults.append('a landmark far from its box')
    return faults
