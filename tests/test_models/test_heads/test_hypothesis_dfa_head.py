import pytest
import torch
from head_inputs import K, build_head, targets

from dfa_mm.models.heads.map_dfa_head import MapStageOutput
from dfa_mm.models.landmark_maps import decode_maps


def build(refine=True, **overrides):
    return build_head(
        'HypothesisDFAHead',
        refine=refine,
        maps=dict(channels=4),
        reader=dict(channels=6, depth=1, kernel_size=3),
        sampler=dict(channels=2),
        previous_clusters=5,
        **overrides,
    )


def before(batch=2, seed=1):
    generator = torch.Generator().manual_seed(seed)
    maps = torch.randn(batch, K, 16, 16, generator=generator) * 5
    return MapStageOutput(
        decode_maps(maps),
        torch.randn(batch, K, 4, generator=generator),
        torch.rand(batch, 5, generator=generator),
        maps,
    )


def feats(batch=2):
    torch.manual_seed(0)
    return torch.randn(batch, 3, 8, 8), torch.randn(batch, 3, 4, 4)


def opened(head):
    """The head after its reader has learnt something."""
    torch.nn.init.normal_(head.reader.out.weight)
    return head


def test_it_starts_as_if_nothing_had_been_handed_on():
    head = build().eval()
    maps = [head(feats(), before(seed=seed)).maps for seed in (1, 2)]
    assert torch.equal(*maps)


@pytest.mark.parametrize('field', ['maps', 'visibility', 'pseudo_label'])
def test_it_reads_all_that_is_handed_on(field):
    head = opened(build().eval())
    first, second = before(), before(seed=2)
    other = first._replace(**{field: getattr(second, field)})
    assert not torch.allclose(
        head(feats(), first).maps, head(feats(), other).maps
    )


def test_states_are_read_round_the_previous_landmarks():
    head = build().eval()
    first = before()
    other = first._replace(landmarks=first.landmarks + 0.2)
    a, b = (head(feats(), each) for each in (first, other))
    assert torch.equal(a.maps, b.maps)
    assert not torch.allclose(a.visibility, b.visibility)


def test_only_training_disturbs_the_hypotheses():
    head = opened(build(disturbance=1.0).eval())
    a, b = (head(feats(), before()).maps for _ in range(2))
    assert torch.equal(a, b)
    head.train()
    torch.manual_seed(0)
    assert not torch.allclose(head(feats(), before()).maps, a)


def test_the_first_stage_is_given_nothing():
    head = build(refine=False).eval()
    assert head.reader is None
    assert head(feats()).maps.shape == (2, K, 16, 16)


def test_every_part_learns():
    head = opened(build().train())
    out = head(feats(1), before(1))
    losses = head.loss_by_targets(
        out, targets([0, 1, 2, -1]), torch.full((1, 5), 0.2)
    )
    sum(v for k, v in losses.items() if k.startswith('loss')).backward()
    without = [k for k, p in head.named_parameters() if p.grad is None]
    assert without == []
