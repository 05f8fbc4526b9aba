"""The paper's tables and figures; those on garments share their runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .. import rows
from ..results import Results
from ..scales import SCALES, Scale, with_rows
from . import (
    cost,
    fig2,
    fig4,
    fig5,
    fig6,
    fig8,
    sources,
    table2,
    table3,
    table4,
)


class UnknownDataError(ValueError):
    """A data set that an experiment does not have at a scale."""


@dataclass(frozen=True)
class Experiment:
    """A table or figure of the paper.

    Args:
        name (str): The subcommand and the folder of the report.
        help (str): One line for the command line.
        write (Callable): Writes the report and returns its path.
        scales (Mapping[str, Scale]): By name, or by DATA-SCALE.
        group (str): Folder of the runs, if others share them; the scales
            then have several data sets.
        trains (bool): Whether the report needs trained rows at all.
    """

    name: str
    help: str
    write: Callable[[Results], Path]
    scales: Mapping[str, Scale]
    group: str = ''
    trains: bool = True

    @property
    def data(self) -> dict[str, list[str]]:
        """Scale to its data sets, the default first."""
        found: dict[str, list[str]] = {}
        for key in self.scales if self.group else ():
            data, _, scale = key.rpartition('-')
            found.setdefault(scale, []).append(data)
        return found

    def scale_key(self, scale: str, data: Optional[str] = None) -> str:
        """The key of ``scales`` for the command line's two words.

        Raises:
            UnknownDataError: If the scale cannot have those data.
        """
        if not self.group:
            return scale
        known = self.data[scale]
        if data not in (None, *known):
            raise UnknownDataError(
                f'{self.name} at scale {scale!r} has no data set {data!r}; '
                f'it has {", ".join(known)}'
            )
        return f'{data or known[0]}-{scale}'


# Module, help, the rows that a scale must have; on garments.
_GARMENTS = (
    (table2, 'NE, what each part of the cascade brings', table2.ROWS),
    (table3, 'NE by pose and zoom-in', table3.ROWS),
    (fig2, 'what a data set consists of, beside FLD', [rows.DFA]),
    (fig4, 'the clusters behind the pseudo-labels', [rows.DFA]),
    (fig5, 'PDL by landmark and clothes type', rows.SYSTEMS),
    (fig6, 'PDL at 15 pixels by pose and zoom-in', rows.SYSTEMS),
    (fig8, 'all systems on the same pictures, and routing', rows.SYSTEMS),
    (cost, 'networks, operations and time of one picture', cost.ROWS),
)
_OTHERS = (
    (table4, 'strict PCP on Leeds Sports Pose'),
    (sources, 'what real and synthetic training data are worth'),
)


def _name(module) -> str:
    return module.__name__.rpartition('.')[2]


EXPERIMENTS = {
    each.name: each
    for each in (
        *(
            Experiment(
                *(_name(module), words, module.write),
                with_rows(names, rows.LOCAL if module is table2 else ()),
                group='fld',
                trains=module not in (fig2, cost),
            )
            for module, words, names in _GARMENTS
        ),
        *(
            Experiment(
                *(_name(module), words, module.write, SCALES[_name(module)])
            )
            for module, words in _OTHERS
        ),
    )
}
