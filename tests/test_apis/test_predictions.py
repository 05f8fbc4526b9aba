import numpy as np
import pytest
from mmengine.structures import InstanceData

from dfa_mm.apis import (
    InputError,
    branch_name,
    complete,
    hidden_slots,
    landmark_rows,
)
from dfa_mm.apis.predictions import keep_within
from dfa_mm.structures import FLD_SETS, Visibility

SEEN, HIDDEN, CUT = (
    int(Visibility[name]) for name in ('VISIBLE', 'OCCLUDED', 'TRUNCATED')
)
META = FLD_SETS['all'].metainfo()


def plain_instances(**fields):
    return InstanceData(
        keypoints=np.arange(16.0).reshape(1, 8, 2),
        keypoint_scores=np.full((1, 8), 0.25),
        **fields,
    )


def test_model_without_states_has_scores_only():
    pred = complete(plain_instances(), np.zeros(8, bool))
    rows = landmark_rows(pred, META)
    assert rows[2] == dict(
        name='left sleeve', x=4.0, y=5.0, state=None, probability=0.25
    )
    assert pred.stage_keypoints.shape == (1, 1, 8, 2)
    assert branch_name(pred) is None


def test_a_landmark_cut_off_has_no_position():
    states = np.array([[0, 1, 2, 0, 0, 0, 0, 0]])
    scores = np.tile([0.1, 0.2, 0.7], (1, 8, 1))
    pred = plain_instances(
        landmark_visibility=states,
        visibility_scores=scores,
        stage_keypoints=np.zeros((1, 3, 8, 2)),
        stage_visibility=np.zeros((1, 3, 8), int),
        branch=np.array([1]),
    )
    hidden = hidden_slots(META, 'upper')
    rows = landmark_rows(complete(pred, hidden), META)
    assert [row['name'] for row in rows] == list(FLD_SETS['upper'].landmarks)
    assert rows[1]['state'] == 'occluded'
    assert rows[1]['probability'] == pytest.approx(0.2)
    assert rows[2] == dict(
        name='left sleeve', x=None, y=None, state='cut off', probability=0.7
    )
    assert (pred.stage_visibility[..., 4:6] == Visibility.ABSENT).all()
    assert branch_name(pred) == 'hard'


def test_a_given_type_overrules_the_model():
    states = np.zeros((1, 8), int)
    states[:, :4] = Visibility.ABSENT  # taken for trousers
    stages = np.ones((1, 3, 8), int)
    given = dict(landmark_visibility=states, stage_visibility=stages)
    own = complete(
        plain_instances(stage_keypoints=np.zeros((1, 3, 8, 2)), **given)
    )
    assert own.landmark_visibility[0].tolist() == [-1] * 4 + [0] * 4
    assert own.stage_visibility[0, 0].tolist() == [-1] * 4 + [1] * 4
    told = complete(
        plain_instances(stage_keypoints=np.zeros((1, 3, 8, 2)), **given),
        hidden_slots(META, 'upper'),
    )
    expected = [1, 1, 1, 1, -1, -1, 0, 0]
    assert told.landmark_visibility[0].tolist() == expected


def test_refuses_a_type_that_the_model_does_not_know():
    assert hidden_slots(META, None) is None
    with pytest.raises(InputError, match='landmarks of lower clothes, only'):
        hidden_slots(FLD_SETS['upper'].metainfo(), 'lower')


def test_what_lies_outside_of_the_picture_is_cut_off():
    # of 200 x 100 pixels one is less than a network can tell, 199.5 the edge
    points = [[-1, 50], [-2, 50], [199.8, 99.9], [300, 50], [-9, -9], [5, 6]]
    states = [SEEN, SEEN, HIDDEN, HIDDEN, CUT, SEEN]
    pred = complete(
        InstanceData(
            keypoints=np.array([points], float),
            landmark_visibility=np.array([states]),
        )
    )
    kept = keep_within(pred, (200, 100))
    expected = [SEEN, CUT, HIDDEN, CUT, CUT, SEEN]
    assert kept.landmark_visibility.tolist() == [expected]
    assert kept.keypoints.tolist() == [
        [[0, 50], [-2, 50], [199, 99], [300, 50], [-9, -9], [5, 6]]
    ]
    assert kept.stage_visibility.tolist() == [[expected]]
