"""Our labels of whole street photographs, several garments in each.

A folder of two tables: ``SOURCES.tsv`` with a row per photograph (see
``pictures.py``; also its ``split``, and whether all main garments in it are
labelled, ``complete``), and ``GARMENTS.tsv`` with a row per garment: image,
type, variation, box (x y width height) and a column per landmark (state x y;
empty where the type has none). Pixels of the photograph at the size given.
"""

import csv
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Set

from dfa_mm.datasets.coco_writer import CocoFiles, image_record
from dfa_mm.datasets.fld_coco import file_heads, file_name, garment_record
from dfa_mm.datasets.fld_lists import (
    IMAGE_PREFIX,
    SPLITS,
    GarmentLabels,
    Points,
)
from dfa_mm.datasets.fld_reader import FLDSample
from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, TYPE_SLOTS
from projects.synthfld.owned_folder import seal_folder

from .pictures import Progress, labelled_photos, silent, write_pictures
from .sources import SOURCES, read_sources

GARMENTS = 'GARMENTS.tsv'
ANNOTATIONS = 'annotations'
_TYPES = {name: code for code, name in CLOTHES_TYPES.items()}
_LANDMARKS = FLD_SETS['all'].landmarks


def rebuild(
    labels: Path,
    download: Path,
    out: Path,
    tool: str,
    allow_missing: bool = False,
    progress: Progress = silent,
) -> Dict[str, str]:
    """Write ``img``, ``SOURCES.tsv`` and COCO files as fld2coco.py does.

    For the arguments, the result and the errors see ``write_pictures``;
    with a photograph its garments are left out.
    """
    photos = labelled_photos(labels)
    names = [
        f'{ANNOTATIONS}/{file_name(subset, split)}'
        for subset in FLD_SETS
        for split in SPLITS
    ]
    faults = write_pictures(
        photos, download, out, tool, [*names, SOURCES], allow_missing, progress
    )
    lost = {photo.image for photo in photos if photo.source in faults}
    sources = (labels / SOURCES).read_text(encoding='utf-8')
    (out / SOURCES).write_text(sources, encoding='utf-8')
    write_coco(labels, out / ANNOTATIONS, tool, lost)
    seal_folder(out, tool)
    return faults


def write_coco(labels: Path, out: Path, tool: str, lost: Set[str]) -> None:
    """``fld_{upper,lower,full,all}_{train,val,test}.json``."""
    garments = read_garments(labels)
    heads = file_heads('Street photographs', tool, {})
    with CocoFiles(out, tool, heads) as files:
        for number, row in enumerate(read_sources(labels), 1):
            if row['image'] in lost:
                continue
            found = garments[row['image']]
            image = dict(
                image_record(
                    number,
                    row['image'].removeprefix(IMAGE_PREFIX),
                    (int(row['width']), int(row['height'])),
                ),
                complete=row['complete'] == 'yes',
            )
            for subset in FLD_SETS:
                records = [
                    garment_record(garment, subset, number)
                    for garment in found
                    if subset in (_type_of(garment), 'all')
                ]
                if records:
                    name = file_name(subset, row['split'])
                    files.add(name, image, *records)
        files.publish()


def _type_of(garment: FLDSample) -> str:
    return CLOTHES_TYPES[garment.labels.clothes_type]


def read_garments(labels: Path) -> Dict[str, List[FLDSample]]:
    """The garments of every photograph, by ``img/...``.

    Ids are the numbers of the rows.
    """
    splits = {row['image']: row['split'] for row in read_sources(labels)}
    found = defaultdict(list)
    with (labels / GARMENTS).open(newline='', encoding='utf-8') as file:
        for number, row in enumerate(csv.DictReader(file, delimiter='\t'), 1):
            image = row['image']
            garment = _garment(number, row, splits[image])
            found[image].append(garment)
    return found


def _garment(number: int, row: Dict[str, str], split: str) -> FLDSample:
    code = _TYPES[row['type']]
    x, y, width, height = map(float, row['box'].split())
    labels = GarmentLabels(code, int(row['variation']), _points(row, code))
    box = (x, y, x + width, y + height)
    return FLDSample(number, row['image'], split, labels, box, None, None)


def _points(row: Dict[str, str], clothes_type: int) -> Points:
    """State, x, y of the landmarks that the type has."""
    cells = [
        row[_LANDMARKS[slot]].split() for slot in TYPE_SLOTS[clothes_type]
    ]
    return tuple((int(state), float(x), float(y)) for state, x, y in cells)
