"""Deep Fashion Alignment (ECCV 2016) as a plugin of MMPose 1.x.

Importing the package registers everything in MMPose's own registries:
``custom_imports = dict(imports=['dfa_mm'])``.
"""

import sys

from .version import __version__

__all__ = [
    '__version__',
    'apis',
    'codecs',
    'datasets',
    'engine',
    'evaluation',
    'load_default',
    'models',
    'register',
    'structures',
    'visualization',
]


def register() -> None:
    """Import and register everything, as ``import dfa_mm`` does."""
    from . import installed

    installed.check()

    from . import compat

    compat.apply()
    global apis, codecs, datasets, engine, evaluation, load_default, models
    global structures, visualization
    from . import (
        apis,
        codecs,
        datasets,
        engine,
        evaluation,
        models,
        structures,
        visualization,
    )
    from .apis import load_default


def _only_located() -> bool:
    """Whether this is ``python -m dfa_mm``, looking for ``__main__``.

    Python imports the package on its way there, before the command's
    arguments are read; until then ``sys.argv[0]`` is '-m'.
    """
    words = getattr(sys, 'orig_argv', ())  # since Python 3.10
    given = [i for i, word in enumerate(words) if word[:2] == '-m']
    if sys.argv[:1] != ['-m'] or not given:
        return False
    first = given[0]
    return (words[first][2:] or words[first + 1]) == __name__


if not _only_located():
    register()
