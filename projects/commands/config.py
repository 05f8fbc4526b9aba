"""``dfa config``: a config with everything that it inherits."""

import argparse

from mmengine.config import Config

from .settings import options_of


def run(args: argparse.Namespace) -> None:
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(options_of(args))
    print(cfg.pretty_text, end='')
