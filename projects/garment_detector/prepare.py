"""Pictures and boxes for the garment detector, in COCO's format.

    python projects/garment_detector/prepare.py data data/garments

reads DATA/street_photos, DATA/street, DATA/flat and DATA/flatlay2_fld, made
as docs/photos_data.md says, and writes copies at a long side of 448 pixels
and {street,flat,senders,none}_{train,val,test}.json.

- street: whole photographs. Training ones get more garments from the masks;
  what is there without a label is marked iscrowd, that is ignored. Masked
  photographs beyond the labelled ones are for training.
- flat: garments lying flat or hanging, of training none of people who sent
  pictures of senders_val and senders_test.
- senders: the same, held out by sender (flatlay2_fld).
- street_full_train.json: those of street_train with a full-body garment.
- none: no clothes: drawn, and windows of street photographs' backgrounds.
- scenes (with --scenes DIR): the pictures in DIR/train, DIR/val and DIR/test,
  of anything but clothes.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import (
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
)

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from dfa_mm.datasets.fld_reader import FLDReader
from projects.garment_detector import CLASSES
from projects.garment_detector.boxes import Labelled
from projects.garment_detector.masks import (
    more_garments,
    parts,
    tagged_but_unlabelled,
)
from projects.garment_detector.negatives import background_window, draw

LONG_SIDE = 448
SPLITS = ('train', 'val', 'test')
_DRAWN = {'train': 300, 'val': 100, 'test': 100}
_WINDOWS = {'train': 300, 'val': 60, 'test': 60}
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 92]


class Picture(NamedTuple):
    """A picture to copy; boxes are in its pixels."""

    path: Path
    name: str
    garments: List[Labelled]


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('data', type=Path, help='folder of the four sets')
    parser.add_argument('out', type=Path, help='folder to write')
    parser.add_argument(
        '--scenes', type=Path, metavar='DIR', help='pictures without clothes'
    )
    args = parser.parse_args(argv)
    console = Console(stderr=True)
    try:
        counts = prepare(
            args.data,
            args.out,
            args.scenes,
            lambda what: track(what, console=console),
        )
    except (OSError, ValueError, KeyError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    for name, (pictures, garments, ignored) in counts.items():
        print(
            f'{name:<14}{pictures:>5} pictures {garments:>5} garments '
            f'{ignored:>4} ignored'
        )
    return 0


def prepare(
    data: Path, out: Path, scenes: Optional[Path] = None, progress=iter
) -> Dict[str, tuple]:
    """Write all sets; pictures, garments and ignored boxes of each."""
    check_folders(data)
    street = Street(data)
    counts = {}
    for split in SPLITS:
        worn = list(street.pictures(split))
        counts[f'street_{split}'] = write_set(
            progress(worn), out, f'street_{split}'
        )
    counts['street_full_train'] = write_full_bodies(out)
    for split in SPLITS:
        flat = list(flat_pictures(data / 'flat', split))
        counts[f'flat_{split}'] = write_set(
            progress(flat), out, f'flat_{split}'
        )
    for split in SPLITS[1:]:
        pictures = list(flat_pictures(data / 'flatlay2_fld', split))
        counts[f'senders_{split}'] = write_set(
            progress(pictures), out, f'senders_{split}'
        )
    for seed, split in enumerate(SPLITS):
        counts[f'none_{split}'] = write_nothing(street, out, split, seed)
        if scenes is not None:
            pictures = scene_pictures(scenes / split)
            counts[f'scenes_{split}'] = write_set(
                progress(pictures), out, f'scenes_{split}'
            )
    return counts


def check_folders(data: Path) -> None:
    for name in (
        'street_photos/annotations',
        'street/masks',
        'flat/Anno',
        'flatlay2_fld/Anno',
    ):
        if not (data / name).is_dir():
            raise FileNotFoundError(
                f'{data / name} is missing: docs/photos_data.md tells how '
                'to get it'
            )


class Street:
    """Whole street photographs, labelled and masked.

    Args:
        data (Path): Holds ``street_photos`` and ``street``.
    """

    def __init__(self, data: Path) -> None:
        self.root, self.masks = data / 'street_photos', data / 'street/masks'
        self.photos = data / 'street/photos'
        self.names = (data / 'street/labels.txt').read_text().split()
        with (data / 'street/tags.tsv').open(newline='') as file:
            rows = list(csv.DictReader(file, delimiter='\t'))
        self.tags = {
            row['photo']: [self.names[int(v)] for v in row['tags'].split()]
            for row in rows
        }
        self.labels = {split: self._read(split) for split in SPLITS}

    def _read(self, split: str) -> List[Tuple[dict, List[dict]]]:
        path = self.root / f'annotations/fld_all_{split}.json'
        content = json.loads(path.read_text())
        return [
            (
                image,
                [
                    one
                    for one in content['annotations']
                    if one['image_id'] == image['id']
                ],
            )
            for image in content['images']
        ]

    def pictures(self, split: str) -> Iterator[Picture]:
        for image, annotations in self.labels[split]:
            name = image['file_name']
            labelled = [
                Labelled(
                    CLASSES[one['clothes_type'] - 1], corners(one['bbox'])
                )
                for one in annotations
            ]
            add = split == 'train' and not image['complete']
            size = (image['width'], image['height'])
            rest = self.unlabelled(name, size, labelled, add)
            yield Picture(self.root / 'img' / name, name, labelled + rest)
        if split == 'train':
            yield from self.masked_only()

    def masked_only(self) -> Iterator[Picture]:
        """Photographs of which nothing is known but the mask."""
        for mask in sorted(self.masks.glob('*.png')):
            path = self.photos / f'{mask.stem}.jpg'
            if path.name not in self.split_of:
                size = read(mask).shape[1::-1]
                garments = self.unlabelled(path.name, size, [], True)
                if any(not garment.ignored for garment in garments):
                    yield Picture(path, path.name, garments)

    @property
    def split_of(self) -> Dict[str, str]:
        """Of every labelled photograph, by its name."""
        return {
            image['file_name']: split
            for split, labels in self.labels.items()
            for image, _ in labels
        }

    def unlabelled(
        self,
        name: str,
        size: Tuple[int, int],
        labelled: Sequence[Labelled],
        add: bool,
    ) -> List[Labelled]:
        """What mask or tags tell beyond labels in a photograph of ``size``."""
        mask = read_mask(self.masks / f'{Path(name).stem}.png', size)
        if mask is not None:
            return more_garments(parts(mask, self.names), labelled, add)
        kinds = tagged_but_unlabelled(self.tags[name], labelled)
        return [Labelled(kind, (0, 0, *size), ignored=True) for kind in kinds]

    def backgrounds(self, split: str) -> Iterator[Tuple[Path, np.ndarray]]:
        """Photographs of a split with masks, and these."""
        known = self.split_of
        for mask in sorted(self.masks.glob('*.png')):
            path = self.photos / f'{mask.stem}.jpg'
            if not path.is_file():
                path = self.root / 'img' / f'{mask.stem}.jpg'
            if known.get(path.name, 'train') == split and path.is_file():
                yield path, read(mask)


def corners(box: Sequence[float]) -> tuple:
    """COCO's x, y, width, height as x1, y1, x2, y2."""
    x, y, width, height = box
    return (x, y, x + width, y + height)


def read(path: Path) -> np.ndarray:
    picture = cv2.imread(
        str(path),
        cv2.IMREAD_GRAYSCALE if path.suffix == '.png' else cv2.IMREAD_COLOR,
    )
    if picture is None:
        raise ValueError(f'{path} is missing or no picture: get it again')
    return picture


def read_mask(path: Path, size: Tuple[int, int]):
    """A mask at ``size``, or None where there is none."""
    if not path.is_file():
        return None
    return cv2.resize(read(path), size, interpolation=cv2.INTER_NEAREST)


def flat_pictures(root: Path, split: str) -> Iterator[Picture]:
    reader = FLDReader(root)
    for sample in reader:
        if sample.split == split:
            kind = CLASSES[sample.labels.clothes_type - 1]
            yield Picture(
                reader.image_folder / sample.name,
                f'{root.name}_{sample.name}',
                [Labelled(kind, tuple(sample.box))],
            )


def write_set(pictures, out: Path, name: str) -> Tuple[int, int, int]:
    """Copies and their boxes; numbers of pictures, garments, ignored."""
    coco = Coco()
    for picture in pictures:
        image, scale = smaller(read(picture.path))
        save(out / name / picture.name, image)
        garments = [
            one._replace(box=tuple(v * scale for v in one.box))
            for one in picture.garments
        ]
        coco.add(f'{name}/{picture.name}', image.shape, garments)
    return coco.write(out / f'{name}.json')


def scene_pictures(folder: Path) -> List[Picture]:
    files = [path for path in sorted(folder.glob('*')) if path.is_file()]
    if not files:
        raise FileNotFoundError(f'{folder} holds no pictures')
    return [Picture(path, f'{path.stem}.jpg', []) for path in files]


def write_full_bodies(out: Path) -> Tuple[int, int, int]:
    """The training photographs of rare full-body garments, once more."""
    content = json.loads((out / 'street_train.json').read_text())
    full = CLASSES.index('full') + 1
    wanted = {
        one['image_id']
        for one in content['annotations']
        if one['category_id'] == full and not one['iscrowd']
    }
    coco = Coco()
    coco.images = [one for one in content['images'] if one['id'] in wanted]
    coco.annotations = [
        one for one in content['annotations'] if one['image_id'] in wanted
    ]
    return coco.write(out / 'street_full_train.json')


def write_nothing(street: Street, out: Path, split: str, seed: int):
    """Drawn pictures and windows of backgrounds."""
    rng = np.random.default_rng(seed)
    name, coco = f'none_{split}', Coco()
    for i in range(_DRAWN[split]):
        image = draw(rng)
        save(out / name / f'drawn_{i:04d}.jpg', image)
        coco.add(f'{name}/drawn_{i:04d}.jpg', image.shape, [])
    with_people = passers_by()
    found = 0
    photos = list(street.backgrounds(split))
    for i in rng.permutation(len(photos)):
        path, mask = photos[i]
        window = background_window(rng, mask)
        if window is None:
            continue
        found += 1
        if found > _WINDOWS[split]:
            break
        if path.stem in with_people:
            continue
        image = read(path)
        scale = image.shape[1] / mask.shape[1]
        x_1, y_1, x_2, y_2 = (int(v * scale) for v in window)
        save(out / name / f'street_{path.name}', image[y_1:y_2, x_1:x_2])
        shape = (y_2 - y_1, x_2 - x_1)
        coco.add(f'{name}/street_{path.name}', shape, [])
    return coco.write(out / f'{name}.json')


def passers_by() -> Set[str]:
    lines = Path(__file__).with_name('passers_by.txt').read_text().split('\n')
    return {line for line in lines if line and line[0] != '#'}


def smaller(image: np.ndarray) -> Tuple[np.ndarray, float]:
    """At most LONG_SIDE long, and by how much it was scaled."""
    scale = min(1.0, LONG_SIDE / max(image.shape[:2]))
    if scale < 1:
        size = [round(n * scale) for n in image.shape[1::-1]]
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return image, scale


def save(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), image, _JPEG):
        raise OSError(f'{path} cannot be written')


class Coco:
    """COCO's lists, as they grow."""

    def __init__(self) -> None:
        self.images: List[dict] = []
        self.annotations: List[dict] = []

    def add(self, name, shape, garments: Sequence[Labelled]) -> None:
        height, width = shape[:2]
        image = len(self.images) + 1
        self.images.append(
            dict(id=image, file_name=name, width=width, height=height)
        )
        for garment in garments:
            x_1, y_1, x_2, y_2 = np.clip(garment.box, 0, [width, height] * 2)
            size = (x_2 - x_1, y_2 - y_1)
            self.annotations.append(
                dict(
                    id=len(self.annotations) + 1,
                    image_id=image,
                    category_id=CLASSES.index(garment.type) + 1,
                    bbox=[round(float(v), 1) for v in (x_1, y_1, *size)],
                    area=round(float(size[0] * size[1]), 1),
                    iscrowd=int(garment.ignored),
                )
            )

    def write(self, path: Path) -> Tuple[int, int, int]:
        categories = [
            dict(id=i, name=name) for i, name in enumerate(CLASSES, 1)
        ]
        content = dict(
            images=self.images,
            annotations=self.annotations,
            categories=categories,
        )
        path.write_text(json.dumps(content))
        ignored = sum(one['iscrowd'] for one in self.annotations)
        return len(self.images), len(self.annotations) - ignored, ignored


if __name__ == '__main__':
    sys.exit(main())
