import pytest
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, TYPE_SLOTS, LandmarkSet


@pytest.mark.parametrize(
    ('name', 'count'), [('upper', 6), ('lower', 4), ('full', 8), ('all', 8)]
)
def test_fld_has_the_papers_numbers_of_landmarks(name, count):
    assert len(FLD_SETS[name]) == count


def test_fld_has_the_papers_order():
    assert FLD_SETS['full'].landmarks == (
        'left collar',
        'right collar',
        'left sleeve',
        'right sleeve',
        'left waistline',
        'right waistline',
        'left hem',
        'right hem',
    )


def test_slots_of_each_clothes_type():
    # of the order above: no waistline (4, 5) on a shirt, only waistline and
    # hem (4 .. 7) on trousers
    assert TYPE_SLOTS == {
        1: (0, 1, 2, 3, 6, 7),
        2: (4, 5, 6, 7),
        3: (0, 1, 2, 3, 4, 5, 6, 7),
    }
    for code, slots in TYPE_SLOTS.items():
        own = FLD_SETS[CLOTHES_TYPES[code]].landmarks
        assert own == tuple(FLD_SETS['all'].landmarks[i] for i in slots)


@pytest.mark.parametrize('name', FLD_SETS)
def test_flipping_twice_is_the_identity(name):
    flip = FLD_SETS[name].flip_indices
    assert [flip[i] for i in flip] == list(range(len(flip)))
    assert all(i != j for i, j in enumerate(flip))


def test_flip_pairs_left_with_right_and_keeps_the_middle():
    landmarks = LandmarkSet('x', ('right hem', 'neck', 'left hem'))
    assert landmarks.flip_indices == [2, 1, 0]
    assert landmarks.mirror('leftover') == 'leftover'


def test_limbs_of_a_skirt():
    # waist 0 - 1, hem 2 - 3, and down each side
    assert FLD_SETS['lower'].limb_indices == [(0, 1), (2, 3), (0, 2), (1, 3)]


def test_every_limb_of_a_full_garment_once():
    limbs = [frozenset(limb) for limb in FLD_SETS['full'].limbs]
    # 3 across (collar, waist, hem), 2 x 2 down, 2 sleeves
    assert len(limbs) == 9
    assert len(set(limbs)) == 9


def test_metainfo_is_what_mmpose_parses():
    info = FLD_SETS['upper'].metainfo()
    assert info['num_keypoints'] == 6
    assert info['flip_indices'] == [1, 0, 3, 2, 5, 4]
    assert info['keypoint_id2name'][3] == 'right sleeve'
    assert info['skeleton_links'] == FLD_SETS['upper'].limb_indices
    with pytest.raises(Exception):  # noqa: B017  parsed already
        parse_pose_metainfo(info)
