"""SynthFLD: drawn clothes with exact landmarks, in FLD's raw layout."""

from .render import render_sample
from .sample import SynthSample
from .write import write_synth_fld

__all__ = ['SynthSample', 'render_sample', 'write_synth_fld']
