"""COCO files written record by record and published all or none."""

import json
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from dfa_mm.files import replacing
from dfa_mm.structures import LandmarkSet

PARTS = ('images', 'annotations')
_HEAD = 4096  # bytes in which a file names its converter


class ForeignFilesError(FileExistsError):
    """What lies in the way, and what to do; one line."""


class CocoFiles(ExitStack):
    """The files of one folder; in a ``with`` statement.

    Records wait in unnamed temporary files: all of FLD is more than should
    be held in memory.

    Args:
        heads (dict[str, dict]): By file name, what stands before the
            records.

    Raises:
        ForeignFilesError: If another's file has one of the names.
    """

    def __init__(self, out_dir: Path, converter: str, heads: Dict[str, Dict]):
        super().__init__()
        self.heads = {Path(out_dir) / name: heads[name] for name in heads}
        refuse_foreign_json(self.heads, converter)
        self._records = {
            (path.name, part): self.enter_context(TemporaryFile())  # noqa: SIM115
            for path in self.heads
            for part in PARTS
        }

    def add(self, name: str, image: Dict, *annotations: Dict) -> None:
        for part, records in zip(PARTS, ([image], annotations)):
            for record in records:
                text = f',\n{json.dumps(record)}'
                self._records[name, part].write(text.encode())

    def publish(self) -> None:
        with ExitStack() as stack:
            for path, head in self.heads.items():
                temporary = stack.enter_context(replacing(path))
                with temporary.open('wb') as file:
                    file.write(json.dumps(head)[:-1].encode())
                    for part in PARTS:
                        file.write(f',\n"{part}": ['.encode())
                        records = self._records[path.name, part]
                        records.seek(1)  # behind the first comma
                        shutil.copyfileobj(records, file)
                        file.write(b'\n]')
                    file.write(b'}\n')


def refuse_foreign_json(paths: Iterable[Path], converter: str) -> None:
    """Raises ForeignFilesError at a file that ``converter`` did not write."""
    mark = f'"converter": "{converter}"'.encode()
    for path in filter(os.path.lexists, paths):
        with open(path, 'rb') as file:
            if mark not in file.read(_HEAD):
                raise ForeignFilesError(
                    f'{path} was not written by {converter}: move it away, '
                    'or give another folder with --out-dir'
                )


def file_head(landmark_set: LandmarkSet, category: str, **info) -> Dict:
    """``info`` and the only category; COCO counts a skeleton's ends from 1."""
    skeleton = [[a + 1, b + 1] for a, b in landmark_set.limb_indices]
    return dict(
        info=info,
        categories=[
            dict(
                id=1,
                name=category,
                supercategory=category,
                keypoints=list(landmark_set.landmarks),
                skeleton=skeleton,
            )
        ],
    )


def image_record(
    number: int, name: str, size: Optional[Tuple[int, int]]
) -> Dict:
    """``size`` is width and height, None where not read."""
    record = dict(id=number, file_name=name)
    if size is not None:
        record.update(width=size[0], height=size[1])
    return record


def annotation_record(
    number: int,
    bbox: List,
    area: float,
    keypoints: Sequence,
    image: Optional[int] = None,
    **more,
) -> Dict:
    """Of instance ``number``; bbox is x, y, w, h.

    Without ``image`` it is the only instance of image ``number``.
    """
    return dict(
        id=number,
        image_id=number if image is None else image,
        category_id=1,
        bbox=bbox,
        area=area,
        iscrowd=0,
        keypoints=keypoints,
        num_keypoints=sum(flag > 0 for flag in keypoints[2::3]),
        **more,
    )
