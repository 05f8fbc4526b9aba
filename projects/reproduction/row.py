"""What an experiment consists of: rows, each trained for several seeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional


class UnknownRowError(ValueError):
    """A name that none of the rows has."""


class UnknownDataError(ValueError):
    """A data set that an experiment does not have at a scale."""


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
        environment (Mapping[str, str]): Variables that the configs read.
        prepare (Callable, optional): Of the folder of the runs and the
            repository; makes the data if it is not there and returns more
            variables.
        check (Callable, optional): Of the rows that are about to be trained;
            raises ``MissingFilesError`` where one of them cannot be.
    """

    rows: Sequence[Row]
    seeds: Sequence[int] = (0, 1, 2)
    options: Mapping[str, str] = field(default_factory=dict)
    amp: bool = False
    note: str = ''
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Optional[Callable[[Path, Path], Mapping[str, str]]] = None
    check: Optional[Callable[[Sequence[Row]], None]] = None


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
        data (Mapping[str, Sequence[str]]): Where an experiment has several
            data sets: the command line's word for the scale to the names of
            the data sets that it can have, the default first. The keys of
            ``scales`` are then ``DATA-SCALE``.
        group (str): Folder of the runs, which experiments of one group share
            if their rows agree. By default the experiment's own.
        trains (bool): Whether the report needs trained rows at all.
    """

    name: str
    help: str
    scales: Mapping[str, Scale]
    default_scale: str
    write_report: Callable
    data: Mapping[str, Sequence[str]] = field(default_factory=dict)
    group: str = ''
    trains: bool = True

    def scale_key(self, scale: str, data: Optional[str] = None) -> str:
        """The key of ``scales`` for the command line's two words.

        Raises:
            UnknownDataError: If the scale cannot have those data.
        """
        if not self.data:
            return scale
        known = self.data[scale]
        if data not in (None, *known):
            raise UnknownDataError(
                f'{self.name} at scale {scale!r} has no data set {data!r}; '
                f'it has {", ".join(known)}'
            )
        return f'{data or known[0]}-{scale}'


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
