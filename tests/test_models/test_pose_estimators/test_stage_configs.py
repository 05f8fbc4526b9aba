import pytest

from dfa_mm.models.pose_estimators.stage_configs import (
    merged,
    needs_router,
    resolve_stage,
)

SHARED = dict(
    backbone=dict(type='VGG', depth=16),
    head=dict(type='DFAHead', num_landmarks=4, fc_channels=(8, 8)),
    neck=None,
)
LABEL = dict(space='offset', num_clusters=7)


def resolve(stages):
    return [
        resolve_stage(SHARED, own, number, refine=number > 1)
        for number, own in enumerate(stages, start=1)
    ]


def test_what_follows_from_place_and_pseudo_label_is_filled_in():
    first, second = resolve([{}, dict(pseudo_label=LABEL)])
    assert first['head']['refine'] is False
    assert first['head']['num_clusters'] == 0
    assert 'loss_pseudo_label' not in first['head']
    assert second['head']['refine'] is True
    assert second['head']['num_clusters'] == 7
    assert second['head']['loss_pseudo_label'] == dict(type='EuclideanLoss')
    assert second['pseudo_label'] == dict(LABEL, num_landmarks=4)


def test_the_papers_number_of_clusters_is_the_default():
    (stage,) = resolve([dict(pseudo_label=dict(space='absolute'))])
    assert stage['pseudo_label']['num_clusters'] == 20
    assert stage['head']['num_clusters'] == 20


@pytest.mark.parametrize(
    ('stages', 'told'),
    [
        (
            [{}, dict(head=dict(refine=False))],
            'head of stage 2 is given refine=False, but .* place .* True',
        ),
        (
            [dict(pseudo_label=LABEL, head=dict(num_clusters=5))],
            'head of stage 1 is given num_clusters=5, but .* it is 7',
        ),
        ([dict(head=dict(num_clusters=20))], 'num_clusters=20, .* it is 0'),
    ],
)
def test_what_is_written_must_agree(stages, told):
    with pytest.raises(ValueError, match=told):
        resolve(stages)


def test_what_is_written_and_agrees_is_taken():
    head = dict(refine=False, num_clusters=7)
    (stage,) = resolve([dict(head=head, pseudo_label=LABEL)])
    assert head.items() <= stage['head'].items()


def test_a_stage_is_merged_key_by_key_also_into_another_type():
    stages = [dict(head=dict(type='LocalDFAHead', sampler=dict(channels=4)))]
    (stage,) = resolve(stages)
    assert stage['head']['type'] == 'LocalDFAHead'
    assert stage['head']['fc_channels'] == (8, 8)
    assert stage['backbone'] == SHARED['backbone']


def test_nested_dicts_are_merged_and_delete_replaces():
    base = dict(loss=dict(type='L1Loss', loss_weight=2.0), neck=dict(a=1))
    assert merged(base, dict(loss=dict(loss_weight=3.0))) == dict(
        loss=dict(type='L1Loss', loss_weight=3.0), neck=dict(a=1)
    )
    own = dict(loss=dict(_delete_=True, type='EuclideanLoss'), neck=None)
    assert merged(base, own) == dict(
        loss=dict(type='EuclideanLoss'), neck=None
    )


def test_nothing_given_is_edited():
    stages = [dict(head=dict(_delete_=True, type='DFAHead', num_landmarks=3))]
    stages.append(dict(pseudo_label=dict(LABEL)))
    before = repr((SHARED, stages))
    resolve(stages)
    assert repr((SHARED, stages)) == before


@pytest.mark.parametrize('before', [{}, dict(pseudo_label=None)])
def test_routing_needs_a_pseudo_label(before):
    with pytest.raises(ValueError, match='stage 2 .* no stage before'):
        needs_router([before, dict(branches=2)])


def test_routing_needs_clusters_of_offsets():
    absolute = dict(pseudo_label=dict(space='absolute'))
    with pytest.raises(ValueError, match='clusters of offsets'):
        needs_router([absolute, dict(branches=2)])
    labels = [absolute, dict(pseudo_label=LABEL)]
    assert needs_router([*labels, dict(branches=2)])
    assert not needs_router([*labels, dict(pseudo_label=LABEL)])
