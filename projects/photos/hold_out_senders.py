"""Flat garments to train on, none of them of people who are tested on.

    python projects/photos/hold_out_senders.py data/flatlay_fld \\
        data/flatlay2_fld data/flat
    python tools/dataset_converters/fld2coco.py data/flat

MORE's validation and test pictures are those of unknown senders. Writes a set
in FLD's raw layout: to train on, FIRST's and MORE's training pictures without
those of MORE's held-out senders; to validate and test on, FIRST's own.
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Dict, List, Tuple

from dfa_mm.datasets.fld_lists import IMAGE_PREFIX
from dfa_mm.datasets.fld_reader import find_image_folder
from projects.photos.senders import (
    SENDERS,
    held_out_senders,
    read_senders,
    read_splits,
    train_images,
)
from projects.synthfld.fld_files import (
    LISTS,
    image_of,
    read_list,
    write_list,
)
from projects.synthfld.owned_folder import (
    ForeignFilesError,
    claim_folder,
    seal_folder,
)

TOOL = 'hold_out_senders.py'


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('first', type=Path, metavar='FIRST')
    parser.add_argument('more', type=Path, metavar='MORE')
    parser.add_argument('out', type=Path, metavar='OUT')
    args = parser.parse_args(argv)
    try:
        left_out = hold_out(args.first, args.more, args.out)
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except OSError as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    splits = list(read_splits(args.out).values())
    counts = (f'{splits.count(s)} {s}' for s in ('train', 'val', 'test'))
    print(f'{", ".join(counts)}; left out of training: {left_out}')
    print(f'Next: python tools/dataset_converters/fld2coco.py {args.out}')
    return 0


def hold_out(first: Path, more: Path, out: Path) -> int:
    """Write the set; the number of FIRST's training pictures left out.

    Args:
        first (Path), more (Path): In FLD's raw layout, with
            ``SENDERS.tsv``.

    Raises:
        FileNotFoundError: Where a picture or a list is missing.
        ForeignFilesError: If other files lie in ``out``.
    """
    held_out = held_out_senders(more)
    training = train_images(first, held_out)
    others = [i for i, s in read_splits(first).items() if s != 'train']
    new_names = {
        root: {image: renamed(image, folder) for image in images}
        for root, folder, images in (
            (first, 'first', training + others),
            (more, 'more', train_images(more)),
        )
    }
    images = [name for names in new_names.values() for name in names.values()]
    claim_folder(out, TOOL, [*images, *LISTS, SENDERS], overwrite=True)
    for root, names in new_names.items():
        copy_pictures(root, names, out)
    for path in LISTS:
        columns, rows = merged_rows(path, new_names)
        write_list(out / path, columns, rows)
    write_senders(out / SENDERS, new_names)
    seal_folder(out, TOOL)
    return len(train_images(first)) - len(training)


def renamed(image: str, folder: str) -> str:
    """``img/1.jpg`` of the set ``first`` becomes ``img/first/1.jpg``."""
    return f'{IMAGE_PREFIX}{folder}/{image.removeprefix(IMAGE_PREFIX)}'


def copy_pictures(root: Path, names: Dict[str, str], out: Path) -> None:
    folder = find_image_folder(root)
    for old, new in names.items():
        (out / new).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / old.removeprefix(IMAGE_PREFIX), out / new)


def merged_rows(
    path: str, new_names: Dict[Path, Dict[str, str]]
) -> Tuple[List[str], List[str]]:
    """The columns of one list of both sets, and its rows renamed."""
    merged = []
    for root, names in new_names.items():
        columns, rows = read_list(root / path)
        merged += [
            f'{names[image_of(row)]} {row.split(maxsplit=1)[1]}'
            for row in rows
            if image_of(row) in names
        ]
    return columns, merged


def write_senders(path: Path, new_names: Dict[Path, Dict[str, str]]) -> None:
    lines = ['image\tsender']
    for root, names in new_names.items():
        senders = read_senders(root)
        lines += [f'{new}\t{senders[old]}' for old, new in names.items()]
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')


if __name__ == '__main__':
    sys.exit(main())
