import torch
from head_inputs import K, build_head
from torch import nn


def build(refine):
    return build_head('LocalDFAHead', refine=refine, sampler=dict(channels=4))


@torch.no_grad()
def test_later_stage_looks_round_the_previous_landmarks():
    head = build(refine=True).eval()
    nn.init.zeros_(head.fc_previous.weight)  # their place alone says nothing
    feats = (torch.randn(1, 3, 8, 8), torch.randn(1, 3, 4, 4))
    here, there = (
        head(feats, torch.full((1, K, 2), value)) for value in (0.2, -0.2)
    )
    assert not torch.allclose(here.visibility, there.visibility)


def test_first_stage_is_the_papers():
    layers = dict(build(refine=False).named_parameters())
    paper = dict(build_head('DFAHead').named_parameters())
    assert layers.keys() == paper.keys()
