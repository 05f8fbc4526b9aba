"""What the detector finds, on the sets that prepare.py writes.

    python projects/garment_detector/evaluate.py data/garments \\
        --split val --out projects/garment_detector/results/val.json

Prints and writes AP50, the share of labelled garments found with the right
type (IoU 0.5) and false alarms, at the config's threshold. ``--sheet`` draws
24 street photographs: do not commit it.
"""

import argparse
import json
import platform
import sys
import time
from datetime import date
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, Tuple

import cv2
import numpy as np
import torch
from mmengine.config import Config
from rich.console import Console
from rich.progress import track

from projects.garment_detector import CLASSES
from projects.garment_detector.boxes import Labelled
from projects.garment_detector.find import (
    CONFIG,
    find_garments,
    load_detector,
    shipped_checkpoint,
)
from projects.garment_detector.prepare import corners, read
from projects.garment_detector.scoring import (
    Detection,
    quiet_threshold,
    summary,
)
from projects.garment_detector.sheet import contact_sheet

SETS = ('street', 'flat', 'senders')
WITHOUT_CLOTHES = ('none', 'scenes')
_LEAST_SCORE = 0.01  # what average precision still counts
_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_TRADED = ('found', 'found_any_type', 'false_per_picture')
_SHOWN = 24


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('data', type=Path, help='what prepare.py wrote')
    parser.add_argument('--split', choices=['val', 'test'], default='val')
    parser.add_argument('--config', type=Path, default=CONFIG)
    parser.add_argument('--checkpoint', type=Path)
    parser.add_argument('--out', type=Path, help='results as JSON')
    parser.add_argument('--sheet', type=Path, help='contact sheet to write')
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    checkpoint = args.checkpoint or shipped_checkpoint()
    threshold = Config.fromfile(args.config).model.test_cfg.score_thr
    look = Look(load_detector(args.config, checkpoint, score_thr=_LEAST_SCORE))
    results = {}
    for name in SETS:
        pictures = read_set(args.data, f'{name}_{args.split}')
        shown = [(look(image), labelled) for image, labelled in pictures()]
        results[name] = numbers(shown, threshold)
        if name == 'street' and args.sheet:
            write_sheet(args.sheet, pictures(), shown, threshold)
    for name in WITHOUT_CLOTHES:
        pictures = read_set(args.data, f'{name}_{args.split}')
        shown = [look(image) for image, _ in pictures()]
        results[name] = alarms(shown, threshold)
    content = dict(
        split=args.split,
        checkpoint=checkpoint.name,
        threshold=threshold,
        results=results,
        milliseconds_per_picture=round(1000 * float(np.median(look.seconds))),
        threads=1,
        processor=processor(),
        torch=torch.__version__,
        date=f'{date.today()}',
    )
    text = json.dumps(content, indent=1)
    print(text)
    if args.out:
        args.out.write_text(text + '\n')
    return 0


class Look:
    """A detector with a clock."""

    def __init__(self, detector) -> None:
        self.detector = detector
        self.seconds: List[float] = []

    def __call__(self, image: np.ndarray) -> List[Detection]:
        start = time.perf_counter()
        garments = find_garments(image, self.detector)
        self.seconds.append(time.perf_counter() - start)
        return [
            Detection(kind, box.tolist(), float(score))
            for box, kind, score in zip(*garments)
        ]


def read_set(data: Path, name: str):
    """A set's pictures (H, W, 3) and labels, as often as they are wanted."""
    content = json.loads((data / f'{name}.json').read_text())
    labels: Dict[int, list] = {one['id']: [] for one in content['images']}
    for one in content['annotations']:
        kind, box = CLASSES[one['category_id'] - 1], corners(one['bbox'])
        labels[one['image_id']].append(
            Labelled(kind, box, bool(one['iscrowd']))
        )

    def pictures() -> Iterator[Tuple[np.ndarray, List[Labelled]]]:
        for image in track(
            content['images'], name, console=Console(stderr=True)
        ):
            yield read(data / image['file_name']), labels[image['id']]

    return pictures


def numbers(shown: Sequence[tuple], threshold: float) -> dict:
    """:func:`summary`, and what other thresholds would give."""
    result = summary(shown, CLASSES, threshold)
    result['at'] = {}
    for other in _THRESHOLDS:
        there = summary(shown, CLASSES, other)
        result['at'][other] = {key: there[key] for key in _TRADED}
    return result


def alarms(shown: Sequence[List[Detection]], threshold: float) -> dict:
    """On pictures without clothes."""
    highest = [
        max((one.score for one in found), default=0.0) for found in shown
    ]
    return dict(
        pictures=len(shown),
        with_garments=sum(score > threshold for score in highest),
        quiet_threshold=quiet_threshold(highest),
        highest=[round(score, 3) for score in sorted(highest)[:-6:-1]],
    )


def write_sheet(path: Path, pictures, shown, threshold: float) -> None:
    """Every so manieth picture."""
    chosen = np.linspace(0, len(shown) - 1, _SHOWN).astype(int)
    images = [image for image, _ in pictures]
    tiles = [(images[i], *shown[i]) for i in chosen]
    cv2.imwrite(str(path), contact_sheet(tiles, threshold))


def processor() -> str:
    lines = Path('/proc/cpuinfo')
    if lines.is_file():
        for line in lines.read_text().splitlines():
            if line.startswith('model name'):
                return line.split(':')[1].strip()
    return platform.processor()


if __name__ == '__main__':
    sys.exit(main())
