"""The paper's tables and figures as experiments of one tool.

``tools/reproduce.py`` trains an experiment's rows with ``tools/train.py``,
each in a folder of its own, and writes a report. May import anything else of
dfa_mm; nothing imports it.
"""

from . import garments, table4
from .record import StaleRunError
from .reproduce import Request, reproduce
from .row import (
    Experiment,
    Row,
    Scale,
    UnknownDataError,
    UnknownRowError,
)

EXPERIMENTS = {
    each.name: each for each in (*garments.EXPERIMENTS, table4.EXPERIMENT)
}

__all__ = [
    'EXPERIMENTS',
    'Experiment',
    'Request',
    'Row',
    'Scale',
    'StaleRunError',
    'UnknownDataError',
    'UnknownRowError',
    'reproduce',
]
