import json

import numpy as np
import pytest
from mmengine.structures import InstanceData

from dfa_mm.apis import (
    Garment,
    complete,
    describe_garment,
    describe_picture,
    known_types,
    own_type,
)
from dfa_mm.structures import FLD_SETS, LSP_SET

META = FLD_SETS['all'].metainfo()
# collars, sleeves, waistlines, hems: trousers whose left hem is cut off and
# whose right one is hidden
STATES = [-1, -1, -1, -1, 0, 0, 2, 1]


def landmarks(states=STATES, **fields):
    # the probabilities of visible, occluded, cut off
    scores = np.tile([0.5, 0.2, 0.3], (1, 8, 1))
    return complete(
        InstanceData(
            bboxes=np.array([[1.0, 2, 30, 40]], np.float32),
            keypoints=np.arange(16.0).reshape(1, 8, 2),
            keypoint_scores=np.full((1, 8), 0.25),
            landmark_visibility=np.array([states]),
            visibility_scores=scores,
            **fields,
        )
    )


def test_a_picture_by_hand():
    trousers = Garment('lower', np.float32(0.75), landmarks())
    found = describe_picture([trousers], META, 'a.jpg', (60, 50), config='c')
    (garment,) = found.pop('garments')
    assert found == dict(schema=1, image='a.jpg', size=[60, 50], config='c')
    rows = garment.pop('landmarks')
    assert garment == dict(
        box=[1, 2, 30, 40], type='lower', score=0.75, branch=None
    )
    assert rows == [
        dict(name=name, x=x, y=y, state=state, probability=probability)
        for name, x, y, state, probability in (
            ('left waistline', 8, 9, 'visible', 0.5),
            ('right waistline', 10, 11, 'visible', 0.5),
            ('left hem', None, None, 'cut off', 0.3),
            ('right hem', 14, 15, 'occluded', 0.2),
        )
    ]


def test_a_picture_without_garments():
    found = describe_picture([], META, 'sea.jpg', np.array([60, 50]))
    assert json.loads(json.dumps(found)) == dict(
        schema=1, image='sea.jpg', size=[60, 50], garments=[]
    )


def test_a_garment_of_a_video_has_a_track():
    garment = Garment(None, 1.0, landmarks(branch=np.array([1])), track=0)
    found = describe_garment(garment, META)
    assert (found['track'], found['type'], found['branch']) == (
        0,
        None,
        'hard',
    )


def test_types_that_a_model_knows():
    assert known_types(META) == ['upper', 'lower', 'full']
    assert known_types(FLD_SETS['upper'].metainfo()) == ['upper']
    assert known_types(FLD_SETS['lower'].metainfo()) == ['lower']
    assert known_types(LSP_SET.metainfo()) == []


@pytest.mark.parametrize(
    ('states', 'kind'),
    [
        (STATES, 'lower'),
        ([0, 0, 1, 2, -1, -1, 0, 0], 'upper'),
        ([0, 0, 1, 2, 0, 0, 0, 0], 'full'),
        # one waistline
        ([0, 0, 1, 2, -1, 0, 0, 0], None),
    ],
)
def test_the_models_own_type(states, kind):
    present = landmarks(states, presence_scores=np.full((1, 8), 0.9))
    assert own_type(present, META) == kind


def test_a_model_that_knows_no_absent_landmarks_tells_no_type():
    rounded = landmarks([0] * 8, presence_scores=np.full((1, 8), 1 - 1e-7))
    assert own_type(rounded, META) is None
    assert own_type(landmarks([0] * 8), META) is None


def test_a_model_of_one_type_tells_it():
    meta = FLD_SETS['lower'].metainfo()
    pred = InstanceData(
        keypoints=np.zeros((1, 4, 2)), keypoint_scores=np.ones((1, 4))
    )
    assert own_type(complete(pred), meta) == 'lower'
