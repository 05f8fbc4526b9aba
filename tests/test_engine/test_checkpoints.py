import pytest
import torch
from torch import nn

from dfa_mm.engine.checkpoints import (
    CheckpointMismatchError,
    check_fits,
    check_shared,
    check_start,
    read_checkpoint,
    state_digest,
    state_of,
)


def test_every_tensor_is_loaded():
    model, other = nn.Linear(2, 3), nn.Linear(2, 3)
    check_fits(model, other.state_dict(), 'a.pth')
    assert torch.equal(model.weight, other.weight)
    assert torch.equal(model.bias, other.bias)


def test_a_checkpoint_with_more_than_the_model_fits():
    state = {**nn.Linear(2, 3).state_dict(), 'other': torch.zeros(1)}
    check_fits(nn.Linear(2, 3), state, 'a.pth')


def test_the_prefix_of_a_distributed_model_does_not_matter():
    state = nn.Linear(2, 3).state_dict()
    check_fits(
        nn.Linear(2, 3), {f'module.{k}': v for k, v in state.items()}, 'a.pth'
    )


def test_a_missing_tensor_is_named():
    state = nn.Linear(2, 3).state_dict()
    del state['bias']
    with pytest.raises(
        CheckpointMismatchError,
        match=r'^a\.pth .* weight there, bias, weight here; 1 of the 2 tensors'
        r' .* is missing, bias the first',
    ):
        check_fits(nn.Linear(2, 3), state, 'a.pth')


def test_both_sides_are_named(make_model):
    # also where none of a detector's tensors is one of the cascade's
    state = {'backbone.a': torch.zeros(1), 'bbox_head.b': torch.zeros(1)}
    with pytest.raises(
        CheckpointMismatchError,
        match='^a.pth .*: backbone, bbox_head there, 1 stage, 4 landmarks',
    ):
        check_fits(make_model(1), state, 'a.pth')
    with pytest.raises(
        CheckpointMismatchError, match='^a.pth .*: 1 stage, .* there, 3 stage'
    ):
        check_start(make_model(3), make_model(1).state_dict(), 'a.pth')


def test_another_shape_is_named_with_both_shapes():
    state = nn.Linear(2, 4).state_dict()
    with pytest.raises(
        CheckpointMismatchError, match=r'weight.*\[4, 2\].*\[3, 2\]'
    ):
        check_fits(nn.Linear(2, 3), state, 'a.pth')


def test_a_message_stays_one_short_line():
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(200)))
    with pytest.raises(CheckpointMismatchError) as info:
        check_fits(model, {}, 'a.pth')
    assert len(str(info.value)) < 400
    assert '\n' not in str(info.value)


def test_a_stage_starts_from_the_one_before(make_model):
    before, model = make_model(1, seed=1), make_model(2)
    check_start(model, before.state_dict(), 'stage1.pth')
    loaded = model.stages[0].state_dict()
    for name, value in before.stages[0].state_dict().items():
        assert torch.equal(loaded[name], value), name


def test_a_stage_starts_from_itself(make_model):
    # to be trained further
    source, model = make_model(3, seed=1), make_model(3)
    check_start(model, source.state_dict(), 'stage3.pth')
    for name, value in source.state_dict().items():
        assert torch.equal(model.state_dict()[name], value), name


@pytest.mark.parametrize(
    ('source', 'stages'),
    [
        # stage 3 on stage 1: stage 2 would stay random
        (dict(num_stages=1), 3),
        # another backbone, as far as names and shapes tell
        (dict(num_stages=1, backbone=dict(type='ResNet', depth=18)), 2),
        (dict(num_stages=2, clusters=4), 3),
        # of the same stage, but without its router
        (dict(num_stages=3, routing='average'), 3),
    ],
)
def test_a_wrong_start_is_refused(make_model, make_config, source, stages):
    from mmpose.registry import MODELS

    if 'backbone' in source:
        config = make_config(**source)
        config['head']['in_channels'] = 512
        state = MODELS.build(config).state_dict()
    else:
        state = make_model(prepared=False, **source).state_dict()
    with pytest.raises(CheckpointMismatchError, match='x.pth does not fit'):
        check_start(make_model(stages), state, 'x.pth')


def test_a_later_stage_needs_the_shared_trunk(make_config):
    from mmpose.registry import MODELS

    trunk = dict(
        type='SharedTrunkPoseEstimator',
        neck=dict(type='ChannelMapper', in_channels=[4], out_channels=4),
    )
    first, second = (
        MODELS.build(make_config(num_stages=stages, **trunk))
        for stages in (1, 2)
    )
    state = first.state_dict()
    check_start(second, state, 'x.pth')
    weight = 'trunk.backbone.conv.weight'
    assert torch.equal(second.state_dict()[weight], state.pop(weight))
    with pytest.raises(CheckpointMismatchError, match='backbone.conv.weight'):
        check_start(second, state, 'x.pth')


def test_a_first_stage_does_not_start_from_just_anything(make_model):
    with pytest.raises(CheckpointMismatchError, match='x.pth does not fit'):
        check_start(make_model(1), nn.Linear(2, 3).state_dict(), 'x.pth')


def test_checkpoints_are_read_with_and_without_meta(tmp_path):
    state = {'module.a': torch.ones(2)}
    torch.save(dict(meta={}, state_dict=state), tmp_path / 'a.pth')
    torch.save(state, tmp_path / 'b.pth')
    torch.save(state, tmp_path / 'c.pth', _use_new_zipfile_serialization=False)
    for name in 'abc':
        found = state_of(read_checkpoint(str(tmp_path / f'{name}.pth')))
        assert list(found) == ['a']
        assert torch.equal(found['a'], torch.ones(2))


def test_digest_is_of_names_shapes_and_values():
    state = dict(a=torch.zeros(2, 3), b=torch.tensor(1))
    same = dict(b=torch.tensor(1), a=torch.zeros(2, 3))
    others = [
        dict(a=torch.zeros(3, 2), b=torch.tensor(1)),
        dict(a=torch.zeros(2, 3), b=torch.tensor(2)),
        dict(c=torch.zeros(2, 3), b=torch.tensor(1)),
    ]
    assert state_digest(state) == state_digest(same)
    assert state_digest(state) not in map(state_digest, others)


def test_a_model_that_is_no_cascade_may_share_a_part():
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 4))
    state = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 9)).state_dict()
    check_shared(model, state, 'a.pth')


def test_a_checkpoint_of_which_nothing_is_loaded_is_refused():
    state = {'stages.0.weight': torch.zeros(3, 2), 'weight': torch.zeros(9)}
    with pytest.raises(
        CheckpointMismatchError, match='of its 2 tensors .* none .* Linear'
    ):
        check_shared(nn.Linear(2, 3), state, 'a.pth')
