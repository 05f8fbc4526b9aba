from collections import Counter

import pytest
from fld_files import write_fld
from mmengine.registry import DefaultScope
from mmpose.registry import DATASETS

from dfa_mm.datasets.fld_coco import convert
from projects.reproduction.mixed_dataset import split


@pytest.mark.parametrize(
    ('size', 'shares', 'expected'),
    [
        (1440, [1, 1], [720, 720]),
        (1440, [3, 3, 1, 1], [540, 540, 180, 180]),
        (1440, [2, 2, 1, 1, 1, 1], [360, 360, 180, 180, 180, 180]),
        # 3.33 each; borders at 3.33 and 6.67
        (10, [1, 1, 1], [3, 4, 3]),
        (7, [0.2], [7]),
    ],
)
def test_split(size, shares, expected):
    assert split(size, shares) == expected


@pytest.fixture
def mix(tmp_path):
    """Of garments 'a' and 'b', one training garment each."""
    for name in 'ab':
        convert(write_fld(tmp_path / name), tmp_path / name / 'annotations')

    def build(**kwargs):
        parts = [
            dict(type='FLDDataset', data_root=str(tmp_path / name))
            for name in 'ab'
        ]
        with DefaultScope.overwrite_default_scope('mmpose'):
            return DATASETS.build(
                dict(
                    type='MixedLandmarkDataset',
                    datasets=parts,
                    pipeline=[
                        dict(type='LoadImage'),
                        dict(type='PackLandmarkInputs'),
                    ],
                    **kwargs,
                )
            )

    return build


def test_samples_have_their_shares(mix):
    dataset = mix(shares=[3, 1], size=8)
    assert len(dataset) == 8
    paths = [dataset[i]['data_samples'].img_path for i in range(8)]
    # 8 x 3 / 4 of the first, which has but one picture
    assert Counter('/a/' in path for path in paths) == {True: 6, False: 2}


def test_large_parts_are_drawn_from_evenly_and_anew(mix):
    dataset = mix(shares=[1, 1], size=20)
    dataset._lens_ori = [1000, 1]
    drawn = [
        [dataset._get_subset_index(i) for i in range(20)] for _ in range(2)
    ]
    for found in drawn:
        assert [part for part, _ in found] == [0] * 10 + [1] * 10
        # ten stretches of a hundred, one sample of each
        assert [i // 100 for _, i in found[:10]] == list(range(10))
        assert {i for _, i in found[10:]} == {0}
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize('shares', [[1], [1, 0], [1, 1, 1]])
def test_wrong_shares_are_named(mix, shares):
    with pytest.raises(ValueError, match='2 data sets need as many'):
        mix(shares=shares, size=4)
