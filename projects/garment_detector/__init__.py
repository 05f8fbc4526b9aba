"""A detector of garments: upper, lower and full-body, on any photograph.

Importing it registers what the config names in MMDetection's registries:
``custom_imports = dict(imports=['projects.garment_detector'])``.
"""

import dfa_mm  # closes gaps of the stack before MMDetection is imported

# isort: split
from .head import GarmentHead
from .neck import TopDownNeck
from .transforms import ClipGarments

__all__ = [
    'CLASSES',
    'ClipGarments',
    'GarmentHead',
    'TopDownNeck',
    'dfa_mm',
]

# FLD's clothes types 1, 2, 3, in its order
CLASSES = ('upper', 'lower', 'full')
