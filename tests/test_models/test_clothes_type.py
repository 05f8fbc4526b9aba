import pytest
import torch
from mmpose.structures import PoseDataSample

from dfa_mm.models.clothes_type import (
    UNKNOWN,
    ClothesTypeInput,
    clothes_types,
)


def test_types_are_told_by_the_samples():
    told = PoseDataSample(metainfo=dict(clothes_type=3))
    assert clothes_types([told, PoseDataSample()]).tolist() == [3, UNKNOWN]


def test_it_starts_without_effect():
    maps = torch.randn(2, 3, 4, 4), torch.randn(2, 5, 2, 2)
    out = ClothesTypeInput([3, 5])(maps, torch.tensor([1, 3]))
    for a, b in zip(out, maps, strict=True):
        assert torch.equal(a, b)


def test_each_type_scales_and_shifts_its_samples():
    given = ClothesTypeInput([1])
    with torch.no_grad():
        given.embeddings[0].weight[2] = torch.tensor([0.5, 3.0])
    (out,) = given([torch.full((2, 1, 1, 1), 2.0)], torch.tensor([2, 1]))
    # 2 * (1 + 0.5) + 3, and as it was
    assert out.flatten().tolist() == [6.0, 2.0]


def test_types_are_withheld_as_often_as_asked():
    torch.manual_seed(0)
    types = torch.full((1000,), 2)
    kept = ClothesTypeInput([1], unknown_prob=0.3).withhold(types)
    assert set(kept.tolist()) == {UNKNOWN, 2}
    assert 0.25 < (kept == UNKNOWN).float().mean() < 0.35


def test_a_share_is_no_percentage():
    with pytest.raises(ValueError, match='40'):
        ClothesTypeInput([1], unknown_prob=40)
