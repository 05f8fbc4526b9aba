"""Numbers that the paper prints, read from ``paper.yaml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Optional

import yaml

PAPER = yaml.safe_load(Path(__file__).with_name('paper.yaml').read_text())


def read_table(content: Mapping) -> dict[str, dict[str, Optional[float]]]:
    """Row to column to number."""
    return {
        name: dict(zip(content['columns'], values))
        for name, values in content.items()
        if name != 'columns'
    }


TABLE2, TABLE3, TABLE4 = (
    read_table(PAPER[name]) for name in ('table2', 'table3', 'table4')
)
