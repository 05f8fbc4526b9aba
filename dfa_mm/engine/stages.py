"""The stages that one config describes.

The config of stage 3 describes the whole cascade; the config of an earlier
stage is the same with a smaller ``model.num_stages``. So one config is enough
to train everything.
"""

from copy import deepcopy
from pathlib import Path

from mmengine.config import Config

OWN = 'stage_settings'


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
    """The config that trains, checks or tests one stage of a cascade.

    ``cfg.stage_settings``, stage to dotted keys and values, holds what is
    different in single stages, the last one included.
    """
    last = num_stages(cfg)
    result = deepcopy(cfg)
    result.merge_from_dict(cfg.get(OWN, {}).get(stage, {}))
    if stage < last:
        result.model.num_stages = stage
    if cfg.get('work_dir'):
        result.work_dir = stage_work_dir(cfg.work_dir, stage, last)
    return result


def merge_options(cfg: Config, options: dict) -> None:
    """Override settings, dotted key to value, in every stage.

    ``stage_settings.N.key`` overrides those of stage N alone.
    """
    own = [key for key in options if key.startswith(f'{OWN}.')]
    shared = {key: options[key] for key in options if key not in own}
    cfg.merge_from_dict(shared)
    for settings in cfg.get(OWN, {}).values():
        for key, value in shared.items():
            settings.pop(key, None)
            settings[key] = value  # last: a setting may be its parent
    for option in own:
        _, stage, key = option.split('.', 2)
        settings = dict(cfg.get(OWN, {}))
        settings[int(stage)] = {
            **settings.get(int(stage), {}),
            key: options[option],
        }
        cfg[OWN] = settings
