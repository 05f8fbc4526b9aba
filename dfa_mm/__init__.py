"""Deep Fashion Alignment (ECCV 2016) as a plugin of MMPose 1.x.

Importing the package registers everything in MMPose's own registries:
``custom_imports = dict(imports=['dfa_mm'])``.
"""

from . import compat
from .version import __version__

compat.apply()

from . import (  # noqa: E402
    apis,
    codecs,
    datasets,
    engine,
    evaluation,
    models,
    structures,
    visualization,
)

from .apis import load_default  # noqa: E402

__all__ = [
    '__version__',
    'apis',
    'codecs',
    'datasets',
    'engine',
    'evaluation',
    'load_default',
    'models',
    'structures',
    'visualization',
]
