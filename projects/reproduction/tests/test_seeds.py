import pytest

from projects.reproduction import tables
from projects.reproduction.seeds import Estimate, over_seeds, paired_values


def test_mean_and_half_range():
    # (60 + 64 + 65) / 3 = 63, (65 - 60) / 2 = 2.5
    assert over_seeds([60.0, 65.0, 64.0]) == (63.0, 2.5, 3)


def test_one_seed_has_no_spread():
    assert over_seeds([60.0, None]) == (60.0, None, 1)
    assert over_seeds([None]) == (None, None, 0)


def test_differences_are_taken_seed_by_seed():
    before = {0: 60.0, 1: 50.0, 2: 55.0}
    after = {2: 58.0, 1: 54.0, 0: 65.0}
    # 5, 4, 3; unpaired the rows' ranges would hide them
    assert paired_values(after, before) == {2: 3.0, 1: 4.0, 0: 5.0}
    assert over_seeds(paired_values(after, before).values()) == (4, 1, 3)


def test_only_seeds_that_both_have_are_paired():
    before = {0: 60.0, 1: None, 3: 1.0}
    after = {0: 62.0, 1: 70.0, 2: 99.0}
    assert paired_values(after, before) == {0: 2.0}
    assert paired_values({}, before) == {}


@pytest.mark.parametrize(
    ('value', 'signed', 'expected'),
    [
        (Estimate(63.04, 2.46, 3), False, '63.0 ± 2.5'),
        (Estimate(4.0, 1.0, 3), True, '+4.0 ± 1.0'),
        (Estimate(-0.55, None, 1), True, '-0.6'),
        (Estimate(None, None, 0), False, '-'),
    ],
)
def test_estimates_as_text(value, signed, expected):
    assert tables.estimate(value, signed=signed) == expected


def test_table():
    found = tables.table(['', 'a'], [['x y', '1.0'], ['z', '007']])
    assert [line.split('|')[1:-1] for line in found.splitlines()] == [
        ['     ', '   a '],
        [':----', '----:'],
        # numbers as they were given
        [' x y ', ' 1.0 '],
        [' z   ', ' 007 '],
    ]
    assert '|   a |' in tables.table(['', 'a'], [['', '1.0']])
    assert tables.table(['', 'a'], []).splitlines()[0].split() == [
        *('|', '|', 'a', '|')
    ]


def test_thousands():
    assert tables.thousands(1234567.0) == '1,234,567'
    assert tables.thousands(None) == '-'
