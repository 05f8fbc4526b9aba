"""The config of a command line, with --cfg-options merged in."""

import argparse

from mmengine.config import Config

from dfa_mm.apis import InputError
from dfa_mm.config_files import in_words, read_config
from dfa_mm.engine.stages import merge_options

from . import options, threads
from .known_keys import check_config


def plain_config(args: argparse.Namespace) -> Config:
    """As it is written.

    Raises:
        InputError: If there is none, or an option that it does not know.
    """
    cfg = read_config(args.config)
    options.merge(cfg, args.cfg_options, Config.merge_from_dict)
    return cfg


def merged_config(args: argparse.Namespace) -> Config:
    """Of a model to train or test, whose parts are all there.

    Raises:
        InputError: If there is none, or something that nothing knows in it.
    """
    cfg = read_config(args.config)
    if not cfg.get('model'):
        raise InputError(
            f'{args.config} is no config of a model: it has no `model`'
        )
    options.merge(cfg, args.cfg_options, merge_options)
    try:
        check_config(cfg)
    except ImportError as error:  # MMEngine puts a config's imports off
        raise InputError(
            f'{args.config} cannot be read as a config: {in_words(error)}'
        ) from error
    threads.settle(args.threads, workers_of(cfg))
    return cfg


def workers_of(cfg: Config) -> int:
    """Processes that read pictures while the model computes."""
    loaders = (cfg.get(f'{split}_dataloader') for split in ('train', 'test'))
    return max((each or {}).get('num_workers', 0) for each in loaders)
