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
from typing import Dict, List, Tuple

import cv2
import numpy as np
import torch
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
_LEAST_SCORE = 0.01  # what average precision still counts
_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
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
    detector = load_detector(args.config, checkpoint, score_thr=_LEAST_SCORE)
    console = Console(stderr=True)
    results, seconds = {}, []
    threshold = configured_threshold(args.config)
    for name in SETS:
        coco = read_coco(args.data / f'{name}_{args.split}.json')
        shown = [
            (detect(read(args.data / path), detector, seconds), labelled)
            for path, labelled in track(coco, name, console=console)
        ]
        results[name] = summary(shown, CLASSES, threshold)
        results[name]['at'] = {
            at: {
                key: value
                for key, value in summary(shown, CLASSES, at).items()
                if key in ('found', 'found_any_type', 'false_per_picture')
            }
            for at in _THRESHOLDS
        }
        if name == 'street' and args.sheet:
            pictures = [
                (read(args.data / path), found, labelled)
                for (path, labelled), (found, _) in zip(coco, shown)
            ]
            step = len(pictures) / _SHOWN
            some = [pictures[int(i * step)] for i in range(_SHOWN)]
            cv2.imwrite(str(args.sheet), contact_sheet(some, threshold))
    nothing = read_coco(args.data / f'none_{args.split}.json')
    results['none'] = alarms(
        args.data, nothing, detector, seconds, threshold, console
    )
    content = dict(
        split=args.split,
        config=args.config.name,
        checkpoint=checkpoint.name,
        threshold=threshold,
        results=results,
        milliseconds_per_picture=round(1000 * float(np.median(seconds)), 1),
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


def configured_threshold(config: Path) -> float:
    from mmengine.config import Config

    return Config.fromfile(config).model.test_cfg.score_thr


def read_coco(path: Path) -> List[Tuple[str, List[Labelled]]]:
    """Files and their labels."""
    content = json.loads(path.read_text())
    labels: Dict[int, list] = {one['id']: [] for one in content['images']}
    for one in content['annotations']:
        labels[one['image_id']].append(
            Labelled(
                CLASSES[one['category_id'] - 1],
                corners(one['bbox']),
                bool(one['iscrowd']),
            )
        )
    return [
        (image['file_name'], labels[image['id']])
        for image in content['images']
    ]


def detect(image: np.ndarray, detector, seconds: list) -> List[Detection]:
    start = time.perf_counter()
    garments = find_garments(image, detector)
    seconds.append(time.perf_counter() - start)
    return [
        Detection(kind, box.tolist(), float(score))
        for box, kind, score in zip(*garments)
    ]


def alarms(data, nothing, detector, seconds, threshold, console) -> dict:
    """On pictures without clothes."""
    highest = []
    for path, _ in track(nothing, 'none', console=console):
        found = detect(read(data / path), detector, seconds)
        highest.append(max((one.score for one in found), default=0.0))
    worst = sorted(zip(highest, (path for path, _ in nothing)))[-5:]
    return dict(
        pictures=len(nothing),
        with_garments=sum(score > threshold for score in highest),
        quiet_threshold=quiet_threshold(highest),
        highest=[[round(score, 3), path] for score, path in worst[::-1]],
    )


def processor() -> str:
    lines = Path('/proc/cpuinfo')
    if lines.is_file():
        for line in lines.read_text().splitlines():
            if line.startswith('model name'):
                return line.split(':')[1].strip()
    return platform.processor()


if __name__ == '__main__':
    sys.exit(main())
