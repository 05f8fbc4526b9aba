"""A few seeds of the fuzzers; thousands by tools/misc/fuzz_labels.py."""

import json
import random
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / 'tools' / 'misc'
NUMBER = 150


@pytest.fixture(scope='module')
def fuzz():
    sys.path.insert(0, str(TOOLS))
    try:
        import fuzz_labels
    finally:
        sys.path.remove(str(TOOLS))
    return fuzz_labels


@pytest.mark.parametrize('kind', ['coco', 'lists'])
def test_no_input_breaks_the_readers(fuzz, kind):
    with fuzz.work_folder(kind) as folder:
        found = [fuzz.outcome(kind, seed, folder) for seed in range(NUMBER)]
    kinds = [each.kind for each in found]
    assert [x for x in found if x.kind not in fuzz.GOOD] == []
    # the grammar makes both
    assert kinds.count('accepted') > NUMBER / 10
    assert kinds.count('refused') > NUMBER / 3


def test_the_same_seed_makes_the_same_input(fuzz):
    for maker in (fuzz.fuzz_coco.make, fuzz.fuzz_lists.make):
        assert maker(random.Random(7)) == maker(random.Random(7))


class TestOracle:
    """It would see what a reader let through."""

    def test_unchanged_files_are_right(self, fuzz, tmp_path):
        coco = fuzz.fuzz_coco
        coco.make_pictures(tmp_path)
        content = coco.base()
        assert self.faults(coco, content, content, tmp_path) == []

    @pytest.mark.parametrize(
        ('place', 'value', 'fault'),
        [
            (('images', 0, 'width'), 121, 'a wrong size'),
            (('images', 1, 'file_name'), 'x.png', "the picture 'x.png'"),
            (
                ('annotations', 0, 'bbox'),
                [10, 15, 20, 20],
                'a landmark far from its box',
            ),
            (
                ('annotations', 0, 'keypoints', 0),
                46,
                'a place that the file does not give',
            ),
            (
                ('annotations', 0, 'keypoints', 2),
                1,
                'a state that the file does not give',
            ),
            (('annotations', 0, 'id'), 2, 'an id twice'),
        ],
    )
    def test_sees(self, fuzz, tmp_path, place, value, fault):
        """The file says something else than what was read."""
        coco = fuzz.fuzz_coco
        coco.make_pictures(tmp_path)
        content = coco.base()
        *keys, last = place
        node = content
        for key in keys:
            node = node[key]
        node[last] = value
        assert fault in self.faults(coco, coco.base(), content, tmp_path)

    @staticmethod
    def faults(coco, read, told, folder):
        path = folder / 'a.json'
        path.write_text(json.dumps(read))
        dataset = coco.load(path, folder, lenient=False)
        return coco.wrong(dataset, json.dumps(told).encode())
