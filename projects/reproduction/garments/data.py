"""Which cascade and which pictures an experiment on garments is about.

The configs under ``configs/ablations`` are of the cascade that DFA_CASCADE
names, and dfa_photos has the network that DFA_NETWORK names; the folders of
the data are those of the configs, FLD_ROOT, SYNTHFLD_ROOT, FLATLAY_ROOT and
STREET_ROOT.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from dfa_mm.datasets.fld_coco import convert
from projects.synthfld import write_synth_fld

CASCADE, NETWORK = 'DFA_CASCADE', 'DFA_NETWORK'
SYNTHFLD_ROOT, FLD_ROOT = 'SYNTHFLD_ROOT', 'FLD_ROOT'
# 80 % of them are for training: four batches of eight, and more samples than
# clusters.
SMOKE_PICTURES, SMOKE_SIZE = 48, 128
_DRAWN = 'annotations/fld_all_test.json'


def cascade(name: str) -> dict[str, str]:
    return {CASCADE: name}


def network_on(data: str, name: str) -> dict[str, str]:
    """The cascade of a config in ``configs/backbones``.

    Args:
        data (str): ``photos``, or any set in FLD's layout.
        name (str): Of the config, without its ending.
    """
    if data == 'photos':
        return {**cascade('dfa_photos'), NETWORK: name}
    return cascade(f'backbones/{name}')


def use_synthfld(folder: Path, root: Path) -> Mapping[str, str]:
    """SynthFLD for the configs that are written for FLD."""
    return {FLD_ROOT: os.environ.get(SYNTHFLD_ROOT, 'data/synthfld')}


def draw_smoke(folder: Path, root: Path) -> Mapping[str, str]:
    """A handful of garments beside the runs, drawn once.

    Args:
        folder (Path): Of the runs.
        root (Path): The repository; a folder below it is named from there,
            so that it may move.
    """
    data = folder / 'data'
    if not (data / _DRAWN).exists():
        write_synth_fld(
            data, SMOKE_PICTURES, size=SMOKE_SIZE, jobs=1, overwrite=True
        )
        convert(data, data / 'annotations')
    if root in data.parents:
        data = data.relative_to(root)
    return {SYNTHFLD_ROOT: str(data)}
