"""What an experiment consists of: rows, each trained for several seeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Callable, Optional


class UnknownRowError(ValueError):
    """A name that none of the rows has."""


@dataclass(frozen=True)
class Row:
    """One system of a table: a config, its options and where it starts.

    Args:
        name (str): Of the row's folder and on the command line.
        label (str): As the report prints it.
        config (str): Relative to the repository's root.
        options (Mapping[str, str]): ``--cfg-options`` of ``tools/train.py``.
        parent (str, optional): The row from whose finished checkpoint this
            one starts; then only the last stage is trained.
        networks (int): Trained by this row itself, without its ancestors.
        passes (int): How many of these each training image goes through: of
            two branches one if they are routed, both if they are averaged.
    """

    name: str
    label: str
    config: str
    options: Mapping[str, str] = field(default_factory=dict)
    parent: Optional[str] = None
    networks: int = 1
    passes: int = 1


@dataclass(frozen=True)
class Scale:
    """An experiment at one size.

    Args:
        rows (Sequence[Row]): In the report's order; a parent before its
            children.
        seeds (Sequence[int]): Where the command line names none.
        options (Mapping[str, str]): For every row; a row's own come after.
        amp (bool): Train in mixed precision where there is CUDA.
        note (str): What a reader must know before the numbers.
    """

    rows: Sequence[Row]
    seeds: Sequence[int] = (0, 1, 2)
    options: Mapping[str, str] = field(default_factory=dict)
    amp: bool = False
    note: str = ''


@dataclass(frozen=True)
class Experiment:
    """A table or figure of the paper.

    Args:
        name (str): The subcommand and the folder.
        help (str): One line for the command line.
        scales (Mapping[str, Scale]): By name.
        default_scale (str): Where the command line names none.
        write_report (Callable): Of a :class:`~.report.ReportInput`; returns
            the path of the Markdown file.
    """

    name: str
    help: str
    scales: Mapping[str, Scale]
    default_scale: str
    write_report: Callable


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
