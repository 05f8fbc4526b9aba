import pytest
import torch
from head_inputs import K, build_head, said
from torch import nn

from dfa_mm.models.heads import local_dfa_head
from dfa_mm.models.heads.local_dfa_head import LandmarkSampler


@pytest.fixture
def plain(monkeypatch):
    """A sampler that hands out what it has sampled, one channel."""

    def build(grid_size):
        monkeypatch.setattr(local_dfa_head, 'GRID_SIZE', grid_size)
        monkeypatch.setattr(local_dfa_head, 'SPACING', 0.25)
        sampler = LandmarkSampler(1, 2, grid_size**2)
        nn.init.eye_(sampler.fc.weight)
        nn.init.zeros_(sampler.fc.bias)
        return sampler

    return build


@torch.no_grad()
def test_one_point_by_hand(plain):
    # cells of a quarter of the crop; their centres lie at +-0.125, +-0.375
    cells = torch.arange(16.0).reshape(1, 1, 4, 4)
    landmarks = torch.tensor([[[-0.375, -0.125], [0.25, 0.375]]])
    # row 1, column 0; half-way between columns 2 and 3 of row 3
    assert plain(1)(cells, landmarks).tolist() == [[4.0, 14.5]]


@torch.no_grad()
def test_grid_goes_round_the_landmark_row_by_row(plain):
    cells = torch.arange(16.0).reshape(1, 1, 4, 4)
    landmarks = torch.tensor([[[-0.125, -0.125], [0.125, 0.125]]])
    near_five, near_ten = plain(3)(cells, landmarks).reshape(2, 9)
    assert near_five.tolist() == [0, 1, 2, 4, 5, 6, 8, 9, 10]
    assert near_ten.tolist() == [5, 6, 7, 9, 10, 11, 13, 14, 15]


@torch.no_grad()
def test_outside_the_map_there_is_nothing(plain):
    out = plain(1)(torch.ones(1, 1, 4, 4), torch.full((1, 2, 2), 0.9))
    assert out.tolist() == [[0.0, 0.0]]


@torch.no_grad()
def test_landmarks_are_told_apart():
    sampler = LandmarkSampler(3, 2, 4)
    nn.init.normal_(sampler.landmark_bias)
    same = torch.zeros(1, 2, 2)
    first, second = sampler(torch.randn(1, 3, 8, 8), same).reshape(2, 4)
    assert not torch.allclose(first, second)


def test_it_learns_from_where_it_looks():
    sampler = LandmarkSampler(3, 2, 4)
    x = torch.randn(1, 3, 8, 8, requires_grad=True)
    corner = torch.full((1, 2, 2), -0.4)
    sampler(x, corner).sum().backward()
    assert x.grad[..., :4, :4].abs().max() > 0
    assert x.grad[..., 5:, 5:].abs().max() == 0


@pytest.mark.parametrize('size', [(8, 8), (4, 12)])
def test_any_map_will_do(size):
    sampler = LandmarkSampler(3, 2, 4)
    out = sampler(torch.randn(5, 3, *size), torch.zeros(5, 2, 2))
    assert out.shape == (5, sampler.out_channels)


def build(refine):
    return build_head('LocalDFAHead', refine=refine, sampler=dict(channels=4))


@torch.no_grad()
def test_later_stage_looks_round_the_previous_landmarks():
    head = build(refine=True).eval()
    nn.init.zeros_(head.fc_previous.weight)  # their place alone says nothing
    feats = (torch.randn(1, 3, 8, 8), torch.randn(1, 3, 4, 4))
    here, there = (
        head(feats, said(torch.full((1, K, 2), value)))
        for value in (0.2, -0.2)
    )
    assert not torch.allclose(here.visibility, there.visibility)


def test_first_stage_is_the_papers():
    layers = dict(build(refine=False).named_parameters())
    paper = dict(build_head('DFAHead').named_parameters())
    assert layers.keys() == paper.keys()
