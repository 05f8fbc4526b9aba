import pytest
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from dfa_mm.datasets import LandmarkDataset
from dfa_mm.structures import FLD_SETS, LandmarkSet, check_metainfo
from dfa_mm.structures.landmark_sets import LEFT_COLOR, RIGHT_COLOR
from dfa_mm.structures.mirror_pairs import find_pairs, side_of, spelling

# One way to write "left collar" and its mirror image per line.
SPELLINGS = [
    ('left collar', 'right collar'),
    ('left_collar', 'right_collar'),
    ('left-collar', 'right-collar'),
    ('left.collar', 'right.collar'),
    ('Left collar', 'Right collar'),
    ('LEFT COLLAR', 'RIGHT COLLAR'),
    ('leftCollar', 'rightCollar'),
    ('LeftCollar', 'RightCollar'),
    ('leftcollar', 'rightcollar'),
    ('collar left', 'collar right'),
    ('collar_left', 'collar_right'),
    ('collar (left)', 'collar (right)'),
    ('collarLeft', 'collarRight'),
    ('collarleft', 'collarright'),
    ('l_collar', 'r_collar'),
    ('L.Collar', 'R.Collar'),
    ('L collar', 'R collar'),
    ('lCollar', 'rCollar'),
    ('LCollar', 'RCollar'),
    ('collar_l', 'collar_r'),
    ('collarL', 'collarR'),
    ('lcollar', 'rcollar'),
    ('lc', 'rc'),
    ('L', 'R'),
    ('lft collar', 'rgt collar'),
    ('lhs/collar', 'rhs/collar'),
    ('左领', '右领'),
    ('ｌｅｆｔ collar', 'right collar'),  # full width
    ('left collar', 'collar_RIGHT'),  # each in its own
]


@pytest.mark.parametrize(('left', 'right'), SPELLINGS)
def test_pair_in_any_spelling(left, right):
    names = (right, 'neck', left)
    assert find_pairs(names) == {left: right, right: left, 'neck': 'neck'}
    assert LandmarkSet('x', names).flip_indices == [2, 1, 0]


def test_side_within_a_name():
    names = [
        'cuff_left_in',
        'cuff_right_in',
        'cuff_left_out',
        'cuff_right_out',
    ]
    pairs = find_pairs(names)
    assert pairs['cuff_left_in'] == 'cuff_right_in'
    assert pairs['cuff_right_out'] == 'cuff_left_out'


def test_both_sides_in_a_name():
    names = ['left cuff right edge', 'right cuff left edge']
    assert find_pairs(names) == dict(zip(names, reversed(names)))


@pytest.mark.parametrize(
    'name',
    ['leftover', 'bright spot', 'upright', 'cleft', 'lapel', 'collar', 'L1'],
)
def test_no_side(name):
    assert side_of(name) is None
    assert find_pairs([name, 'hem']) == {name: name, 'hem': 'hem'}


def test_letters_of_an_alphabet_have_no_sides():
    names = list('jklmnopqr')
    assert find_pairs(names) == {name: name for name in names}


def test_colours_follow_the_side():
    info = LandmarkSet('x', ('hem_left', 'hem_right')).raw_metainfo()
    colors = [info['keypoint_info'][i]['color'] for i in (0, 1)]
    assert colors == [LEFT_COLOR, RIGHT_COLOR]


@pytest.mark.parametrize(
    ('names', 'word'),
    [
        (('left collar', 'right colar'), "'left collar'.*no right"),
        (('neck', 'r_hem'), "'r_hem'.*no left"),
        (('cuff_left_in', 'cuff_right_out'), "'cuff_left_in'"),
        (('left collar', 'rigth collar'), "'left collar'"),
        (('left collar', 'left_collar', 'right collar'), "'left_collar'"),
        (('hem', 'hem'), "'hem' after 'hem'"),
        (('hem', ''), "''"),
        (('hem', 3), '3'),
    ],
)
def test_names_that_cannot_be(names, word):
    with pytest.raises(ValueError, match=word):
        LandmarkSet('x', names)


class TestGivenPairs:
    def test_tell_what_names_do_not(self):
        landmarks = LandmarkSet('x', ('a', 'b', 'c'), pairs=(('a', 'c'),))
        assert landmarks.flip_indices == [2, 1, 0]

    def test_one_sided_landmark(self):
        names = ('left pocket', 'neck')
        landmarks = LandmarkSet('x', names, pairs=[['left pocket'] * 2])
        assert landmarks.flip_indices == [0, 1]

    @pytest.mark.parametrize(
        ('pairs', 'word'),
        [
            ([('a', 'b'), ('b', 'c')], "'b' is paired with 'a' and with 'c'"),
            ([('a', 'x')], "no landmark 'x'"),
            ([('a', 'b', 'c')], 'expected two'),
            (['ab'], "'ab'; expected two"),
        ],
    )
    def test_wrong(self, pairs, word):
        with pytest.raises(ValueError, match=word):
            LandmarkSet('x', ('a', 'b', 'c'), pairs=pairs)


def metainfo(**swaps):
    info = {
        i: dict(name=name, id=i, color=(0, 0, 0), type='', swap=swap)
        for i, (name, swap) in enumerate(swaps.items())
    }
    return dict(
        dataset_name='x',
        keypoint_info=info,
        skeleton_info={},
        joint_weights=[1.0] * len(info),
        sigmas=[],
    )


class TestSwaps:
    def test_of_our_own_sets(self):
        for landmarks in FLD_SETS.values():
            check_metainfo(landmarks.raw_metainfo())

    def test_involution(self):
        info = metainfo(a='b', b='a', c='', d='d')
        check_metainfo(info)
        assert parse_pose_metainfo(info)['flip_indices'] == [1, 0, 2, 3]

    @pytest.mark.parametrize(
        ('swaps', 'word'),
        [
            (dict(a='b', b=''), "'a' swaps with 'b', but 'b' with ''"),
            (dict(a='b', b='b'), "'a' swaps with 'b', but 'b' with 'b'"),
            (dict(a='b', b='c', c='a'), "'a' swaps with 'b', but 'b' with"),
            (dict(a='x'), "'x', which is none"),
            (dict(left_eye='', right_eye=''), "'left_eye' has a side"),
            (dict(left_eye=''), "'left_eye' has a side"),
            (
                dict(left_a='right_b', right_b='left_a')
                | dict(left_b='right_a', right_a='left_b'),
                "'left_a' swaps with 'right_b' although there is 'right_a'",
            ),
        ],
    )
    def test_wrong(self, swaps, word):
        with pytest.raises(ValueError, match=word):
            LandmarkDataset(metainfo=metainfo(**swaps), lazy_init=True)


def test_limb_of_an_unknown_landmark():
    with pytest.raises(ValueError, match="no landmark 'hemm'"):
        LandmarkSet('x', ('hem', 'neck'), limbs=(('neck', 'hemm'),))


def test_spelling_puts_the_side_first():
    assert spelling('cuffLeft_IN2') == ('left', 'cuff', 'in', '2')
