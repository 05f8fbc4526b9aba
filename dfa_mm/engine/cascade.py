"""Which stages of a cascade are trained, resumed or reused, and where.

The config of stage 3 describes the whole cascade; the config of an earlier
stage is the same with a smaller ``model.num_stages``. So one config is enough
to train everything.
"""

import json
import os
from copy import deepcopy
from pathlib import Path
from typing import List, Optional

from mmengine.config import Config

FINISHED_FILE = 'finished.json'


class StageMismatchError(RuntimeError):
    """A finished stage was trained as something else."""


def num_stages(cfg: Config) -> int:
    """Stages of the config's cascade; 1 for any other MMPose model."""
    return cfg.model.get('num_stages') or len(cfg.model.get('stages', [None]))


def stage_work_dir(work_dir: str, stage: int, last: int) -> str:
    """Folder of one stage, beside the last one's if that is called stageN.

    ``work_dirs/dfa_fld_stage3`` has ``work_dirs/dfa_fld_stage1`` beside it,
    ``out`` has ``out/stage1`` in it.
    """
    if stage == last:
        return work_dir
    path = Path(work_dir)
    if path.name.endswith(f'stage{last}'):
        stem = path.name[: -len(str(last))]
        return str(path.with_name(f'{stem}{stage}'))
    return str(path / f'stage{stage}')


def stage_config(cfg: Config, stage: int) -> Config:
    """The config that trains one stage of the cascade ``cfg`` describes.

    ``cfg.stage_settings``, stage to dotted keys and values, holds what is
    different in the training of single stages.

    Raises:
        StageMismatchError: If the finished stage before was trained with
            another model or on other data.
    """
    last = num_stages(cfg)
    result = deepcopy(cfg)
    result.merge_from_dict(cfg.get('stage_settings', {}).get(stage, {}))
    if last == 1:
        return result
    result.model.num_stages = stage
    result.work_dir = stage_work_dir(cfg.work_dir, stage, last)
    if stage > 1 and not cfg.get('load_from'):
        before = stage_work_dir(cfg.work_dir, stage - 1, last)
        checkpoint = finished_checkpoint(before)
        if checkpoint is not None:
            _check_same(before, result)
            result.load_from = checkpoint
    return result


def stages_to_train(cfg: Config) -> List[int]:
    """Unfinished stages in order; a given ``load_from`` replaces the early.

    A finished stage ends the search: what came before it is in it.
    """
    last = num_stages(cfg)
    todo: List[int] = []
    for stage in range(last, 0, -1):
        folder = stage_work_dir(cfg.work_dir, stage, last)
        if finished_checkpoint(folder) is not None:
            if stage == last:
                _check_same(folder, cfg)
            break
        todo.insert(0, stage)
        if cfg.get('load_from'):
            break
    return todo


def finished_checkpoint(work_dir: str) -> Optional[str]:
    """Checkpoint of a finished stage, ``None`` while it is not finished.

    Raises:
        FileNotFoundError: If the stage was finished but its checkpoint is
            gone.
    """
    record = _read_record(work_dir)
    if record is None:
        return None
    checkpoint = Path(work_dir) / record['checkpoint']
    if not checkpoint.exists():
        raise FileNotFoundError(
            f'{Path(work_dir) / FINISHED_FILE} says that the stage was '
            f'finished, but its checkpoint {checkpoint} is missing: put it '
            f'back, or delete {FINISHED_FILE} to train the stage again'
        )
    return str(checkpoint)


def mark_finished(cfg: Config) -> str:
    """Record that training in ``cfg.work_dir`` is complete.

    Returns:
        str: The final checkpoint.
    """
    work_dir = Path(cfg.work_dir)
    checkpoint = Path((work_dir / 'last_checkpoint').read_text().strip())
    record = dict(checkpoint=checkpoint.name, identity=identity(cfg))
    temporary = work_dir / f'.{FINISHED_FILE}'
    temporary.write_text(json.dumps(record, indent=2))
    os.replace(temporary, work_dir / FINISHED_FILE)
    return str(work_dir / checkpoint.name)


def identity(cfg: Config) -> dict:
    """What must agree between a stage and the stages it builds on."""
    model = cfg.model.to_dict()
    ignored = ('num_stages', 'router', 'routing', 'test_cfg', 'train_cfg')
    network = {k: v for k, v in model.items() if k not in ignored}
    stages = network.pop('stages', [])[: num_stages(cfg)]
    data = cfg.get('train_dataloader', {}).get('dataset', {})
    return json.loads(
        json.dumps(
            dict(network=network, stages=stages, data=_data_names(data)),
            default=str,
        )
    )


def _data_names(dataset: dict) -> object:
    """Folder, subset and annotation file, also of combined data sets."""
    if 'datasets' in dataset:
        return [_data_names(part) for part in dataset['datasets']]
    keys = ['type', 'data_root', 'subset', 'convention', 'split', 'ann_file']
    return {key: dataset[key] for key in keys if dataset.get(key)}


def _check_same(work_dir: str, cfg: Config) -> None:
    theirs = _read_record(work_dir)['identity']
    ours = identity(cfg)
    ours['stages'] = ours['stages'][: len(theirs['stages'])]
    differing = [key for key in ours if ours[key] != theirs[key]]
    if differing:
        key = differing[0]
        raise StageMismatchError(
            f'the finished stage in {work_dir} was trained with another '
            f'{key} than this config has:\n  there: {theirs[key]}\n'
            f'  here:  {ours[key]}\nTrain in another place with --work-dir, '
            f'delete {work_dir}, or name the checkpoint to start from with '
            '--cfg-options load_from=...'
        )


def _read_record(work_dir: str) -> Optional[dict]:
    path = Path(work_dir) / FINISHED_FILE
    return json.loads(path.read_text()) if path.exists() else None
