import pytest

from dfa_mm.structures import (
    LSP_SET,
    LSP_STICK_GROUPS,
    LSP_STICKS,
    LSP_TORSO,
)

# README of the data set
PUBLISHED_ORDER = """Right ankle, Right knee, Right hip, Left hip, Left knee,
Left ankle, Right wrist, Right elbow, Right shoulder, Left shoulder,
Left elbow, Left wrist, Neck, Head top"""


def test_published_order():
    names = PUBLISHED_ORDER.lower().replace('\n', ' ').split(', ')
    assert LSP_SET.landmarks == tuple(names)


def test_flipping_pairs_left_with_right():
    # legs 0 .. 5 and arms 6 .. 11 are reversed, neck and head stay
    legs, arms = [5, 4, 3, 2, 1, 0], [11, 10, 9, 8, 7, 6]
    assert LSP_SET.flip_indices == [*legs, *arms, 12, 13]


def test_flipping_twice_is_the_identity():
    flip = LSP_SET.flip_indices
    assert [flip[i] for i in flip] == list(range(14))


def test_mirrored_skeleton_is_the_same_skeleton():
    limbs = {frozenset(limb) for limb in LSP_SET.limbs}
    assert limbs == {frozenset(map(LSP_SET.mirror, limb)) for limb in limbs}
    # 5 on each side, hips, shoulders, two from the neck down, the head
    assert len(LSP_SET.limbs) == len(limbs) == 15


def test_every_landmark_is_on_a_limb():
    assert {name for limb in LSP_SET.limbs for name in limb} == set(
        LSP_SET.landmarks
    )


def test_metainfo_is_what_mmpose_parses():
    info = LSP_SET.metainfo()
    assert info['num_keypoints'] == 14
    assert info['dataset_name'] == 'lsp'
    assert info['keypoint_id2name'][13] == 'head top'


class TestSticks:
    # MPII's evaluation code (keypoints2sticks): pairs of LSP's joints counted
    # from 1, the torso from the middle of 9 and 10 to that of 3 and 4
    PUBLISHED = [
        ('right lower leg', (1, 2)),
        ('right upper leg', (2, 3)),
        ('left upper leg', (4, 5)),
        ('left lower leg', (5, 6)),
        ('right lower arm', (7, 8)),
        ('right upper arm', (8, 9)),
        ('left upper arm', (10, 11)),
        ('left lower arm', (11, 12)),
        ('head', (13, 14)),
    ]

    @pytest.mark.parametrize(('name', 'joints'), PUBLISHED)
    def test_ends(self, name, joints):
        ends = {LSP_SET.index(end) + 1 for (end,) in LSP_STICKS[name]}
        assert ends == set(joints)

    def test_torso_joins_two_middles(self):
        ends = [
            {LSP_SET.index(name) + 1 for name in end}
            for end in LSP_STICKS['torso']
        ]
        assert ends == [{9, 10}, {3, 4}]

    def test_ten_in_the_groups_of_table_4(self):
        assert list(LSP_STICK_GROUPS) == [
            'torso',
            'head',
            'u.arms',
            'l.arms',
            'u.legs',
            'l.legs',
        ]
        grouped = [
            name for names in LSP_STICK_GROUPS.values() for name in names
        ]
        assert sorted(grouped) == sorted(LSP_STICKS)
        assert len(LSP_STICKS) == 10

    def test_a_group_has_both_sides(self):
        for names in LSP_STICK_GROUPS.values():
            assert set(names) == {LSP_SET.mirror(name) for name in names}


def test_torso_of_pck_runs_across_the_body():
    assert LSP_TORSO == ('left shoulder', 'right hip')
