"""Deep Fashion Alignment (ECCV 2016) as a plugin of MMPose 1.x.

Importing the package registers everything in MMPose's own registries:
``custom_imports = dict(imports=['dfa_mm'])``.
"""

from . import compat
from .version import __version__

compat.apply()

from . import (  # noqa: E402
    codecs,
    datasets,
    engine,
    evaluation,
    models,
    structures,
    visualization,
)

__all__ = [
    '__version__',
    'codecs',
    'datasets',
    'engine',
    'evaluation',
    'models',
    'structures',
    'visualization',
]
