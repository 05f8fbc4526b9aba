"""Our labels of photographs with one garment each, in FLD's raw layout.

The labels of a set are such a folder without the pictures.
"""

import shutil
from pathlib import Path
from typing import Dict

from projects.synthfld.fld_files import (
    LISTS,
    image_of,
    read_list,
    write_list,
)
from projects.synthfld.owned_folder import seal_folder

from .pictures import Progress, labelled_photos, silent, write_pictures
from .senders import SENDERS
from .sources import SOURCES


def rebuild(
    labels: Path,
    download: Path,
    out: Path,
    tool: str,
    allow_missing: bool = False,
    progress: Progress = silent,
) -> Dict[str, str]:
    """Write the set in FLD's raw layout into ``out``.

    Args:
        labels (Path): Lists and ``SOURCES.tsv``, perhaps ``SENDERS.tsv``.

    For the others, the result and the errors see ``write_pictures``; with
    a picture its labels are left out.
    """
    photos = labelled_photos(labels)
    notes = [n for n in (SOURCES, SENDERS) if (labels / n).is_file()]
    faults = write_pictures(
        photos, download, out, tool, [*LISTS, *notes], allow_missing, progress
    )
    lost = {photo.image for photo in photos if photo.source in faults}
    for name in notes:
        shutil.copyfile(labels / name, out / name)
    for name in LISTS:
        columns, rows = read_list(labels / name)
        rows = [row for row in rows if image_of(row) not in lost]
        write_list(out / name, columns, rows)
    seal_folder(out, tool)
    return faults
