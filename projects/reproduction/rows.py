"""The rows of the tables, read from ``rows.yaml``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import yaml


class UnknownRowError(ValueError):
    """A name that none of the rows has."""


@dataclass(frozen=True)
class Row:
    """One system of a table; ``rows.yaml`` says what its fields mean."""

    name: str
    label: str
    config: str = '{cascade}'
    stage: Optional[int] = None
    options: Mapping[str, object] = field(default_factory=dict)
    parent: Optional[str] = None
    budget: str = ''
    networks: int = 1
    passes: int = 1
    short: str = ''

    @property
    def budget_name(self) -> str:
        return self.budget or (f'stage{self.stage}' if self.stage else 'whole')


def lineage(rows: Iterable[Row], name: str) -> list[Row]:
    """A row's ancestors, the oldest first, and itself."""
    by_name = {row.name: row for row in rows}
    found = [by_name[name]]
    while found[0].parent is not None:
        found.insert(0, by_name[found[0].parent])
    return found


def choose_rows(
    rows: Sequence[Row], names: Optional[Iterable[str]] = None
) -> list[Row]:
    """The named rows, all by default, and what they start from, in order.

    Raises:
        UnknownRowError: If a name is not one of the rows'.
    """
    known = [row.name for row in rows]
    wanted = set()
    for name in known if names is None else names:
        if name not in known:
            raise UnknownRowError(
                f'there is no row {name!r}; the rows are {", ".join(known)}'
            )
        wanted.update(row.name for row in lineage(rows, name))
    return [row for row in rows if row.name in wanted]


_CONTENT = yaml.safe_load(Path(__file__).with_name('rows.yaml').read_text())


def read_rows(*kinds: str) -> tuple[Row, ...]:
    return tuple(
        Row(name, **row)
        for kind in kinds
        for name, row in _CONTENT[kind].items()
    )


COMPARISONS: dict[str, list] = _CONTENT['comparisons']
DFA = 'stage3_contextual'
LADDER, LOCAL = tuple(_CONTENT['ladder']), tuple(_CONTENT['local'])
ROUTED = ('stage3_routed', 'stage3_offset', DFA)
HEADS = {row.name: row.label for row in read_rows('fld_heads')}
RIVALS = ('stage1_direct', 'direct_triple', 'deeppose', *HEADS)
# What Fig. 5, 6 and 8 show: the rivals and the stages of the cascade.
SYSTEMS = (*RIVALS, 'stage1_soft', 'stage2_offset', DFA)
SHORT = {
    row.name: row.short
    for row in read_rows('ladder', 'open', 'deeppose', 'fld_heads')
}
