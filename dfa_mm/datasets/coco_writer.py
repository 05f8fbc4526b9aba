"""COCO files written record by record and published all or none."""

import json
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Dict, Iterable

from dfa_mm.files import replacing
from dfa_mm.structures import LandmarkSet

PARTS = ('images', 'annotations')
_HEAD = 4096  # bytes in which a file must name its converter


class ForeignFilesError(FileExistsError):
    """What lies in the way, and what to do; one line."""


class CocoFiles(ExitStack):
    """The files of one folder; in a ``with`` statement.

    Records wait in unnamed temporary files: all of FLD is more than should
    be held in memory.

    Args:
        out_dir (Path): Where the files go.
        converter (str): Who writes them.
        heads (dict[str, dict]): By file name, what stands before the
            records.

    Raises:
        ForeignFilesError: If another's file has one of the names.
    """

    def __init__(self, out_dir: Path, converter: str, heads: Dict[str, Dict]):
        super().__init__()
        self.out_dir = Path(out_dir)
        self.heads = heads
        refuse_foreign_json((self.out_dir / name for name in heads), converter)
        self._records = {
            (name, part): self.enter_context(TemporaryFile())  # noqa: SIM115
            for name in heads
            for part in PARTS
        }

    def add(self, name: str, image: Dict, annotation: Dict) -> None:
        for part, record in zip(PARTS, (image, annotation)):
            text = f',\n{json.dumps(record)}'
            self._records[name, part].write(text.encode())

    def publish(self) -> None:
        with ExitStack() as stack:
            for name in self.heads:
                path = stack.enter_context(replacing(self.out_dir / name))
                self._join(name, path)

    def _join(self, name: str, path: Path) -> None:
        with path.open('wb') as file:
            file.write(json.dumps(self.heads[name])[:-1].encode())
            for part in PARTS:
                file.write(f',\n"{part}": ['.encode())
                records = self._records[name, part]
                records.seek(1)  # behind the first comma
                shutil.copyfileobj(records, file)
                file.write(b'\n]')
            file.write(b'}\n')


def category(landmark_set: LandmarkSet, name: str) -> Dict:
    """The only category of a file; COCO counts a skeleton's ends from 1."""
    return dict(
        id=1,
        name=name,
        supercategory=name,
        keypoints=list(landmark_set.landmarks),
        skeleton=[[a + 1, b + 1] for a, b in landmark_set.limb_indices],
    )


def refuse_foreign_json(paths: Iterable[Path], converter: str) -> None:
    """Raises ForeignFilesError at a file that ``converter`` did not write."""
    mark = f'"converter": "{converter}"'.encode()
    for path in paths:
        if not os.path.lexists(path):
            continue
        with open(path, 'rb') as file:
            if mark not in file.read(_HEAD):
                raise ForeignFilesError(
                    f'{path} was not written by {converter}: move it away, '
                    'or give another folder with --out-dir'
                )
