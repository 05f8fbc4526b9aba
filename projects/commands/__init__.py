# PYTHON_ARGCOMPLETE_OK
"""The console command ``dfa``: arguments first, then what they ask for.

Nothing heavier than argparse is imported until a command runs.
"""

from .dfa import main, run_alone

__all__ = ['main', 'run_alone']
