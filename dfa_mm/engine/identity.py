"""What a run is: two runs of the same identity give the same numbers.

Model, data, schedule and seed, and the same of what it starts from. Where
data, weights and results lie does not count, nor what leaves the training as
it is: validation, logs, workers, device.
"""

import math
import os.path as osp
from typing import Callable, Collection, Iterator, Mapping, Optional

from mmengine.config import Config
from torch import nn

from .annotations import annotation_file, content_digest, is_drawn
from .checkpoints import (
    CheckpointMismatchError,
    check_fits,
    identity_of,
    read_checkpoint,
    state_digest,
    state_of,
)
from .differences import differences, listed
from .stages import num_stages, stage_config

WEIGHT_PATHS = ('checkpoint', 'checkpoint_path')
WEIGHTS_DIGEST = 'checkpoint_sha256'
DRAWN = 'drawn'
DATA_PLACES = ('ann_file', 'data_root', 'data_prefix')
# of a data loader: how fast it is
WORKERS = (
    *('num_workers', 'persistent_workers', 'pin_memory', 'prefetch_factor'),
)
VALIDATION = ('val_interval', 'val_begin', 'dynamic_intervals')
TEST_ONLY = ('test_cfg', 'num_stages')
ROUTING = ('router', 'routing')
# parts of the names of what has no say in what a trained network predicts
TRAINING_ONLY = (
    *('loss', 'weight', 'drop', 'init_cfg', 'frozen', 'train_cfg'),
    *('temperature', 'norm_eval'),
)

REMEDY = (
    'Train in another folder with --work-dir, or delete what is there to '
    'train it anew; --resume CHECKPOINT does not go round this check'
)


class RunMismatchError(CheckpointMismatchError):
    """A folder or a checkpoint is of another run; shows both sides."""


def identity(cfg: Config, stage: Optional[int] = None) -> dict:
    """What training a stage, by default the last, is, as JSON has it.

    ``model``, ``data`` (annotation files by a digest of their content),
    ``schedule``, ``seed`` and ``before``: the identity of the stage before or
    of what ``load_from`` names, a digest of its weights if it has none,
    ``None`` if the run starts from ImageNet or chance.
    """
    stage = stage or num_stages(cfg)
    run = stage_config(cfg, stage)
    loader = _without(run.get('train_dataloader') or {}, WORKERS)
    return dict(
        model=model_identity(run),
        data=_plain(_with_digest(loader), DATA_PLACES.__contains__),
        schedule=_plain(_schedule(run), VALIDATION.__contains__),
        seed=(run.get('randomness') or {}).get('seed'),
        before=_before(cfg, stage),
    )


def model_identity(cfg: Config) -> dict:
    """Networks, losses and pseudo-labels up to the config's last stage."""
    model = _without(cfg.model.to_dict(), TEST_ONLY)
    if 'stages' in model:
        model['stages'] = model['stages'][: num_stages(cfg)]
        if all(each.get('branches', 1) == 1 for each in model['stages']):
            model = _without(model, ROUTING)
    return _plain(_with_weights(model), WEIGHT_PATHS.__contains__)


def _with_weights(node):
    """With a digest of each file of weights that a network starts from."""
    if isinstance(node, (list, tuple)):
        return [_with_weights(value) for value in node]
    if not isinstance(node, Mapping):
        return node
    result = {key: _with_weights(value) for key, value in node.items()}
    path = node.get('checkpoint')
    if node.get('type') == 'Pretrained' and isinstance(path, str):
        digest = content_digest(path)
        result.update({WEIGHTS_DIGEST: digest} if digest else {})
    return result


def check_same(theirs: Optional[dict], ours: dict, where: str) -> None:
    """Check that ``where``, a folder or checkpoint, is of the same run.

    Raises:
        RunMismatchError: With both sides, and what to do.
    """
    if not isinstance(theirs, dict) or theirs.keys() != ours.keys():
        raise RunMismatchError(
            f'{where} holds a training that does not say what it is of: not '
            f'of this tools/train.py, or of an older one. {REMEDY}'
        )
    found = differences(theirs, _as_told_by(theirs, ours))
    if found:
        raise RunMismatchError(
            f'{where} holds another run than this config: '
            f'{listed(found)}. {REMEDY}'
        )


def _as_told_by(theirs, ours):
    """Without what is not told there, and older versions did not write."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return {
            key: _as_told_by(theirs.get(key), value)
            for key, value in ours.items()
            if key not in (WEIGHTS_DIGEST, DRAWN) or key in theirs
        }
    if isinstance(theirs, list) and isinstance(ours, list):
        told = [*theirs, *[None] * len(ours)]
        return [_as_told_by(*pair) for pair in zip(told, ours)]
    return ours


def check_network(
    theirs: Optional[dict], cfg: Config, stages: int, where: str
) -> None:
    """Check that the first stages of ``where``, a checkpoint, predict as ours.

    How they were trained does not matter, nor a checkpoint that does not say.

    Raises:
        RunMismatchError: With both sides.
    """
    if not isinstance((theirs or {}).get('model'), dict):
        return
    there, here = (
        dict(model=_network(model, stages))
        for model in (theirs['model'], model_identity(cfg))
    )
    found = differences(there, here)
    if found:
        raise RunMismatchError(
            f'{where} is of another model than this config: {listed(found)}'
        )


def trained_on(meta: Mapping) -> Optional[str]:
    """Of a checkpoint's meta: ``drawn`` pictures alone, or ``photographs``.

    ``None`` if it does not say.
    """
    told = [*_told_of_pictures(identity_of(dict(meta=meta)) or {})]
    if not told:
        return None
    return 'drawn' if all(told) else 'photographs'


def _told_of_pictures(node) -> Iterator[bool]:
    if isinstance(node, dict):
        if isinstance(node.get(DRAWN), bool):
            yield node[DRAWN]
        # not of the stages before
        node = [value for key, value in node.items() if key != 'before']
    if isinstance(node, list):
        for value in node:
            yield from _told_of_pictures(value)


def check_model(
    model: nn.Module, content: dict, cfg: Config, where: str
) -> None:
    """Load all of a model from the content of ``where``, a checkpoint.

    Raises:
        RunMismatchError: If it does not fit, and says of what it is.
        CheckpointMismatchError: If it does not fit.
    """
    try:
        check_fits(model, state_of(content), where)
    except CheckpointMismatchError:
        # in words, if it can be said in words
        check_network(identity_of(content), cfg, num_stages(cfg), where)
        raise


def _before(cfg: Config, stage: int) -> Optional[dict]:
    if cfg.get('load_from') and stage == num_stages(cfg):
        content = read_checkpoint(cfg.load_from)
        found = identity_of(content)
        return found or dict(weights_sha256=state_digest(state_of(content)))
    return identity(cfg, stage - 1) if stage > 1 else None


def _schedule(cfg: Config) -> dict:
    parts = ('optim_wrapper', 'param_scheduler', 'train_cfg')
    scaled = cfg.get('auto_scale_lr') or {}
    base_size = scaled.get('base_batch_size')
    return dict(
        {part: cfg.get(part) for part in parts},
        custom_hooks=cfg.get('custom_hooks') or [],
        rate_scaled_from=base_size if scaled.get('enable') else None,
    )


def _with_digest(dataset: Mapping) -> dict:
    """A data set's config and a digest of its annotations, part by part."""
    result = dict(dataset)
    path = annotation_file(dataset)
    if path is not None:
        result['annotations_sha256'] = content_digest(path)
        result[DRAWN] = is_drawn(dataset)
    if 'datasets' in result:
        result['datasets'] = [*map(_with_digest, result['datasets'])]
    if result.get('dataset'):
        result['dataset'] = _with_digest(result['dataset'])
    return result


def _network(model: dict, stages: int) -> dict:
    """The part of a model's identity that its predictions depend on."""
    model = _without(model, ROUTING)
    if isinstance(model.get('stages'), list):
        model['stages'] = model['stages'][:stages]
    return _plain(
        model, lambda key: any(part in key for part in TRAINING_ONLY)
    )


def _without(content: Mapping, keys: Collection[str]) -> dict:
    return {key: v for key, v in content.items() if key not in keys}


def _plain(node, drops: Callable[[str], bool]):
    """As JSON has it, without some keys, nor folders of one machine."""
    if isinstance(node, Mapping):
        items = ((str(key), value) for key, value in node.items())
        return {k: _plain(v, drops) for k, v in items if not drops(k)}
    if isinstance(node, (list, tuple)):
        return [_plain(value, drops) for value in node]
    if isinstance(node, float) and not math.isfinite(node):
        return str(node)
    if node is None or isinstance(node, (bool, int, float)):
        return node
    text = getattr(node, '__qualname__', None) or str(node)
    return osp.basename(text) if osp.isabs(text) else text
