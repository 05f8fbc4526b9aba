"""COCO files written record by record and published all or nothing."""

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Dict, Iterator, Optional

from dfa_mm.structures import LandmarkSet


@contextmanager
def staging(out_dir: Path) -> Iterator[Path]:
    """A folder whose files move to ``out_dir`` if the block succeeds.

    It lies inside ``out_dir`` because only a rename within one file system
    is atomic. After an error nothing is left, new folders included.
    """
    out_dir = Path(out_dir)
    new = [p for p in (out_dir, *out_dir.parents) if not p.exists()]
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix='.staging-', dir=out_dir) as folder:
            yield Path(folder)
            for path in sorted(Path(folder).iterdir()):
                os.replace(path, out_dir / path.name)
    except BaseException:
        for path in new:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        raise


class CocoWriter:
    """Streams images and annotations to disk and joins them at the end.

    Args:
        path (Path): Where the joined file goes.
        head (dict): The entries before the records, e.g. ``categories``.
    """

    PARTS = ('images', 'annotations')

    def __init__(self, path: Path, head: Dict):
        self.path = Path(path)
        self.head = head
        self._separator = '\n'
        self._streams = {
            part: self._part(part).open('w+', encoding='utf-8')
            for part in self.PARTS
        }

    def __enter__(self) -> 'CocoWriter':
        return self

    def __exit__(self, error: Optional[type], *_) -> None:
        try:
            if error is None:
                self._join()
        finally:
            for part, stream in self._streams.items():
                stream.close()
                self._part(part).unlink()

    def add(self, image: Dict, annotation: Dict) -> None:
        for part, record in zip(self.PARTS, (image, annotation)):
            stream = self._streams[part]
            stream.write(f'{self._separator}{json.dumps(record)}')
        self._separator = ',\n'

    def _join(self) -> None:
        with self.path.open('w', encoding='utf-8') as file:
            file.write(json.dumps(self.head)[:-1])
            for part, stream in self._streams.items():
                file.write(f',\n"{part}": [')
                stream.seek(0)
                shutil.copyfileobj(stream, file)
                file.write('\n]')
            file.write('}\n')

    def _part(self, part: str) -> Path:
        return self.path.with_name(f'{self.path.name}.{part}')


def category(landmark_set: LandmarkSet, name: str) -> Dict:
    """The only category of a file; COCO counts a skeleton's ends from 1."""
    return dict(
        id=1,
        name=name,
        supercategory=name,
        keypoints=list(landmark_set.landmarks),
        skeleton=[[a + 1, b + 1] for a, b in landmark_set.limb_indices],
    )
