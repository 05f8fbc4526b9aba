"""The config of a command line, with --cfg-options merged in."""

import argparse

from mmengine.config import Config, DictAction

from dfa_mm.engine.stages import merge_options


def options_of(args: argparse.Namespace) -> dict:
    """``--cfg-options`` as values by their keys."""
    parser = argparse.ArgumentParser()
    parser.add_argument('--cfg-options', nargs='*', action=DictAction)
    parsed = parser.parse_args(['--cfg-options', *args.cfg_options])
    return parsed.cfg_options


def merged_config(args: argparse.Namespace) -> Config:
    cfg = Config.fromfile(args.config)
    merge_options(cfg, options_of(args))
    return cfg
