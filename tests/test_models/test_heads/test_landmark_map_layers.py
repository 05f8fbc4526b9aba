import torch

from dfa_mm.models.heads.landmark_map_layers import LandmarkMapLayers


def test_maps_are_twice_as_fine():
    layers = LandmarkMapLayers(4, 3, channels=6)
    assert layers(torch.randn(2, 4, 8, 10)).shape == (2, 3, 16, 20)


@torch.no_grad()
def test_a_later_stage_starts_as_if_it_saw_no_landmarks():
    torch.manual_seed(0)
    first = LandmarkMapLayers(4, 3, channels=6)
    later = LandmarkMapLayers(4, 3, refine=True, channels=6)
    later.load_state_dict(first.state_dict(), strict=False)
    first.eval(), later.eval()
    x = torch.randn(2, 4, 8, 8)
    torch.testing.assert_close(later(x, torch.zeros(2, 3, 2)), first(x))


@torch.no_grad()
def test_it_can_learn_to_see_them():
    torch.manual_seed(0)
    later = LandmarkMapLayers(4, 3, refine=True, channels=6)
    torch.nn.init.normal_(later.context[-1].weight)
    later.eval()
    x = torch.randn(1, 4, 8, 8)
    here, there = (
        later(x, torch.full((1, 3, 2), value)) for value in (0.0, 0.3)
    )
    assert not torch.allclose(here, there)
