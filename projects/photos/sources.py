"""``SOURCES.tsv``: of which photograph each picture of a set is made."""

import csv
from pathlib import Path
from typing import Dict, List

SOURCES = 'SOURCES.tsv'
# the project's own, a folder per set
LABELS = Path(__file__).parent / 'labels'


def read_sources(folder: Path) -> List[Dict[str, str]]:
    """The rows; ``source`` is the second column, whatever its name."""
    with (Path(folder) / SOURCES).open(newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file, delimiter='\t'))
    return [dict(row, source=list(row.values())[1]) for row in rows]
