import pytest
import torch
from mmengine.runner import load_checkpoint
from mmengine.runner.checkpoint import _load_checkpoint_to_model
from mmpose.registry import MODELS
from torch import nn

from dfa_mm.models.weights import CheckpointMismatchError, outline


def mmengine_loads(model, state):
    """As MMPose's init_model and inferencer, and MMEngine's Runner do."""
    _load_checkpoint_to_model(model, dict(state_dict=state))


def torch_loads(model, state):
    model.load_state_dict(state, strict=False)


@pytest.fixture(params=[mmengine_loads, torch_loads])
def load(request):
    return request.param


def test_its_own_weights_are_loaded(make_model, load):
    source, model = make_model(seed=1), make_model()
    load(model, source.state_dict())
    for name, value in source.state_dict().items():
        assert torch.equal(model.state_dict()[name], value), name


def test_what_lacks_a_tensor_is_refused_with_both_sides(make_model, load):
    state = make_model(2, clusters=4).state_dict()
    state.pop('stages.1.branches.0.head.fc7.weight')
    with pytest.raises(CheckpointMismatchError) as info:
        load(make_model(2), state)
    message = str(info.value)
    assert '2 stages, 4 landmarks, 4 clusters there' in message
    assert '2 stages, 4 landmarks, 5 clusters here' in message
    assert 'fc7.weight the first' in message
    assert '\n' not in message


def test_another_size_is_told(make_model, load):
    with pytest.raises(
        CheckpointMismatchError,
        match=r'centers is \[4, 8\] there, \[5, 8\] here',
    ):
        load(make_model(1), make_model(1, clusters=4).state_dict())


def test_earlier_stages_are_enough_to_train_not_to_predict(
    make_model, make_batch, load
):
    model = make_model(3)
    load(model, make_model(2).state_dict())
    batch = make_batch(4)
    model.eval()
    with pytest.raises(
        CheckpointMismatchError, match='earlier stage .* model.num_stages=2'
    ):
        model.predict(*batch)
    model.train()
    model.loss(*batch)
    model.eval()
    model.predict(*batch)


def test_a_whole_checkpoint_makes_up_for_a_part(make_model, make_batch, load):
    model = make_model(3).eval()
    load(model, make_model(2).state_dict())
    load(model, make_model(3).state_dict())
    model.predict(*make_batch(2))


def test_stage_one_alone_starts_no_stage_three(make_model, load):
    with pytest.raises(CheckpointMismatchError, match='1 stage, .* 3 stages'):
        load(make_model(3), make_model(1).state_dict())


def test_a_part_of_something_else_is_not_asked(make_model, load):
    whole = nn.ModuleDict(dict(model=make_model(1)))
    load(whole, {'other': torch.zeros(2)})


@pytest.fixture
def pretrained(tmp_path, make_config):
    """Makes a cascade whose backbone starts from a file."""

    def make(state, **init_cfg):
        path = str(tmp_path / 'backbone.pth')
        torch.save(state, path)
        start = dict(type='Pretrained', checkpoint=path, **init_cfg)
        backbone = dict(type='TinyBackbone', init_cfg=start)
        return MODELS.build(make_config(backbone=backbone))

    return make


def backbone_state():
    backbone = MODELS.build(dict(type='TinyBackbone'))
    nn.init.constant_(backbone.conv.weight, 0.5)
    return backbone.state_dict()


@pytest.mark.parametrize('prefix', [None, 'backbone', 'backbone.'])
def test_weights_of_a_backbone_alone_are_a_start(pretrained, prefix):
    state = {**backbone_state(), 'classifier.weight': torch.zeros(9, 4)}
    name = f'{prefix.rstrip(".")}.' if prefix else ''
    state = {f'{name}{k}': v for k, v in state.items()}
    model = pretrained(state, **(dict(prefix=prefix) if prefix else {}))
    model.init_weights()
    for stage in model.stages:
        for branch in stage.branches:
            assert (branch.backbone.conv.weight == 0.5).all()


@pytest.mark.parametrize(
    'change',
    [
        lambda state: {f'net.{k}': v for k, v in state.items()},
        # of another backbone, which shares a name
        lambda state: {'conv.bias': state['conv.bias'], 'a': torch.zeros(1)},
        lambda state: {k: v[..., None] for k, v in state.items()},
    ],
)
def test_weights_of_another_backbone_are_no_start(pretrained, change):
    model = pretrained(change(backbone_state()))
    with pytest.raises(CheckpointMismatchError, match='backbone.pth .* Tiny'):
        model.init_weights()


def test_weights_of_a_backbone_that_diverged_are_no_start(pretrained):
    state = backbone_state()
    state['conv.weight'][0] = torch.nan
    with pytest.raises(CheckpointMismatchError, match='conv.weight has num'):
        pretrained(state).init_weights()


def test_mmengine_names_the_file_where_it_reads_one(make_model, tmp_path):
    (tmp_path / 'a.pth').write_bytes(b'no checkpoint')
    with pytest.raises(CheckpointMismatchError, match='a.pth is no checkp'):
        load_checkpoint(make_model(1), str(tmp_path / 'a.pth'))


def test_outline_is_of_what_there_is(make_model):
    assert outline(make_model(3).state_dict()) == (
        '3 stages, 4 landmarks, 5 clusters'
    )
    assert outline({'backbone.a': 1, 'bbox_head.b': 2, 'backbone.c': 3}) == (
        'backbone, bbox_head'
    )
    assert outline({}) == 'no tensors'
