"""Who sent the pictures of garments lying flat.

A person's clothes, floor and camera come again in all that they sent: errors
on pictures of people who also have training pictures are too small.
``SENDERS.tsv`` names every picture's sender.
"""

import csv
from pathlib import Path
from typing import Dict, List, Set

from dfa_mm.datasets.fld_reader import PARTITION
from projects.synthfld.fld_files import image_of, read_list

SENDERS = 'SENDERS.tsv'


def read_senders(root: Path) -> Dict[str, str]:
    """The sender of every picture, by ``img/...``."""
    with (Path(root) / SENDERS).open(newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file, delimiter='\t'))
    return {row['image']: row['sender'] for row in rows}


def read_splits(root: Path) -> Dict[str, str]:
    """The split of every picture, by ``img/...``."""
    rows = read_list(Path(root) / PARTITION)[1]
    return {image_of(row): row.split()[-1] for row in rows}


def held_out_senders(root: Path) -> Set[str]:
    """Who sent pictures for validation or testing."""
    splits, senders = read_splits(root), read_senders(root)
    return {
        senders[image] for image, split in splits.items() if split != 'train'
    }


def train_images(root: Path, without: Set[str] = frozenset()) -> List[str]:
    """Training pictures, but those of senders ``without``."""
    senders = read_senders(root)
    return [
        image
        for image, split in read_splits(root).items()
        if split == 'train' and senders[image] not in without
    ]
