"""The annotation files that a config's data sets will read."""

import hashlib
import inspect
import json
from functools import lru_cache
from pathlib import Path
from typing import Iterator, Mapping, Optional

from mmpose.registry import DATASETS

from dfa_mm.datasets.json_files import parse_json

DIGITS = 16
# who wrote a COCO file, from where and when
ABOUT = ('info', 'licenses')
# the mark that projects/synthfld leaves in a folder that it fills
MARKER, DRAWING_TOOLS = 'written_by.json', ('synth_fld.py',)


def leaf_datasets(dataset: Mapping) -> Iterator[Mapping]:
    """The configs of data sets that read files; wrappers have none."""
    parts = [*dataset.get('datasets', []), dataset.get('dataset')]
    parts = [part for part in parts if part]
    for part in parts:
        yield from leaf_datasets(part)
    if not parts and 'type' in dataset:
        yield dataset


def annotation_file(dataset: Mapping) -> Optional[str]:
    """Path or address of a data set's annotations, ``None`` if it has none."""
    name = dataset.get('ann_file') or _default(dataset)
    if not name or '://' in name:
        return name or None
    return str(Path(dataset.get('data_root') or '', name))


def is_drawn(dataset: Mapping) -> bool:
    """Whether a folder of the data set says that its pictures are drawn."""
    path = annotation_file(dataset)
    near = [Path(dataset['data_root'])] if dataset.get('data_root') else []
    if path and '://' not in path:
        near += [*Path(path).parents][:2]
    return any(_tool(folder / MARKER) in DRAWING_TOOLS for folder in near)


def _tool(marker: Path) -> Optional[str]:
    """Who filled a folder, by the mark that it left there."""
    if not marker.is_file():
        return None
    try:
        content = json.loads(marker.read_bytes())
    except ValueError:  # somebody else's file
        return None
    return content.get('tool') if isinstance(content, dict) else None


def _default(dataset: Mapping) -> str:
    kind = dataset_class(dataset)
    template = getattr(kind, 'default_ann_file', '')
    if not template:
        return ''
    parameters = inspect.signature(kind).parameters.items()
    defaults = {name: each.default for name, each in parameters}
    return template.format(**{**defaults, **dataset})


def dataset_class(dataset: Mapping) -> Optional[type]:
    kind = dataset.get('type')
    return DATASETS.get(kind) if isinstance(kind, str) else kind


def content_digest(path: str) -> Optional[str]:
    """Of what a file says, wherever it lies; ``None`` if it is not there.

    Of COCO's JSON that is all but who wrote it: a converter notes the folder
    that it read. An address stands for itself.
    """
    if '://' in path:
        return path
    path = Path(path)
    if not path.is_file():
        return None
    state = path.stat()
    return _digest(path, state.st_mtime_ns, state.st_size)


@lru_cache
def _digest(path: Path, *state: int) -> str:
    data = path.read_bytes()
    if path.suffix == '.json':
        content = parse_json(data, path)
        if isinstance(content, dict):
            content = {k: v for k, v in content.items() if k not in ABOUT}
        data = json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()[:DIGITS]
