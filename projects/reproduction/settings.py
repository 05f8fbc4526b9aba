"""A config with its options, as flat settings that can be compared."""

import argparse
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from mmengine.config import Config, DictAction

# Where a run lies and what it starts from say nothing of what it is.
_PLACES = ('work_dir', 'load_from')


def load_settings(config: Path, options: Mapping[str, str]) -> dict:
    """Dotted key to value of the config, options read as train.py does."""
    cfg = Config.fromfile(config)
    cfg.merge_from_dict(parse_options(options))
    content = cfg.to_dict()
    for key in _PLACES:
        content.pop(key, None)
    # as JSON has it, to compare with what was stored
    return json.loads(json.dumps(flatten(content), default=str))


def parse_options(options: Mapping[str, str]) -> dict:
    """``dict(a='1', b='None')`` to ``dict(a=1, b=None)``."""
    if not options:
        return {}
    parser = argparse.ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    words = option_words(options)
    return parser.parse_args(['--cfg-options', *words]).cfg_options


def option_words(options: Mapping[str, str]) -> list[str]:
    return [f'{key}={value}' for key, value in options.items()]


def flatten(node, prefix: str = '') -> dict:
    """Nested dicts and lists of them as ``{'model.stages.0.a': 1}``."""
    if isinstance(node, dict) and node:
        items = node.items()
    elif isinstance(node, (list, tuple)) and any(
        isinstance(value, (dict, list, tuple)) for value in node
    ):
        items = enumerate(node)
    else:
        return {prefix: node}
    flat = {}
    for key, value in items:
        flat.update(flatten(value, f'{prefix}.{key}' if prefix else f'{key}'))
    return flat


def digest(content) -> str:
    """Of anything that JSON can hold; independent of the keys' order."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
