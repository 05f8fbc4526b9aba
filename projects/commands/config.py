"""``dfa config``: a config with everything that it inherits."""

import argparse

from .settings import plain_config


def run(args: argparse.Namespace) -> None:
    print(plain_config(args).pretty_text, end='')
