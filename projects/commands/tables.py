"""Garments as a table, for spreadsheets."""

import csv
from io import StringIO
from typing import Iterable, Sequence, Tuple

from dfa_mm.files import write_text

COLUMNS = (
    *('type', 'score', 'x1', 'y1', 'x2', 'y2'),
    *('landmark', 'x', 'y', 'state', 'probability'),
)


def write_table(
    path: str, keys: Sequence[str], garments: Iterable[Tuple[Sequence, dict]]
) -> None:
    """A csv file with a line for every landmark of every garment.

    Args:
        keys (Sequence[str]): Names of the first columns.
        garments (Iterable): Their values, and the garment as
            :func:`describe_garment` tells of it.
    """
    text = StringIO()
    table = csv.writer(text)
    table.writerow([*keys, *COLUMNS])
    for values, garment in garments:
        known = [garment['type'], garment['score'], *garment['box']]
        table.writerows(
            [*values, *known, *landmark.values()]
            for landmark in garment['landmarks']
        )
    write_text(path, text.getvalue())
