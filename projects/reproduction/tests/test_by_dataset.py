"""Two parts of one data set, told apart by name."""

import numpy as np
import pytest
from mmpose.registry import METRICS, TRANSFORMS

from dfa_mm.structures import FLD_SETS
from projects.reproduction.by_dataset import ByDataset
from projects.reproduction.name_dataset import NameDataset

LOWER = FLD_SETS['lower']


def sample(name, shift):
    """A box of 20 x 40; all landmarks are ``shift`` pixels to the right."""
    truth = np.array([[[10.0, 10], [30, 10], [10, 50], [30, 50]]])
    return dict(
        dataset_name=name,
        ori_shape=(80, 40),
        clothes_type=2,
        gt_instances=dict(
            keypoints=truth,
            landmark_visibility=np.zeros((1, 4), int),
            bboxes=np.array([[10.0, 10, 30, 50]]),
        ),
        pred_instances=dict(keypoints=truth + [shift, 0]),
    )


def test_parts_are_reported_apart():
    metric = ByDataset([dict(type='NormalizedError'), dict(type='PDL')])
    metric.dataset_meta = LOWER.metainfo()
    metric.process(None, [sample('flat', 2), sample('worn', 4)])
    metric.process(None, [sample('worn', 8)])
    numbers = metric.evaluate(3)
    # 2 of 20; the mean of 4 and of 8 of 20
    assert numbers['flat/NE/box'] == pytest.approx(0.1)
    assert numbers['worn/NE/box'] == pytest.approx(0.3)
    worn = metric.report['worn']
    assert worn['NE']['box']['final']['count'] == 2
    assert set(worn['NE']['box']['final']['landmark']) == set(LOWER.landmarks)
    assert worn['NE']['box']['final']['clothes_type']['lower'][
        'mean'
    ] == pytest.approx(0.3)
    # 2 pixels of 40 are 11.2 of 224, 4 and 8 are 22.4 and 44.8
    shares = {
        name: found['PDL']['stages']['final']['share']
        for name, found in metric.report.items()
    }
    assert shares == dict(flat=1, worn=0)


def test_name_is_given_in_the_pipeline():
    step = TRANSFORMS.build(dict(type='NameDataset', name='flat box'))
    assert step(dict(dataset_name='fld', x=1)) == dict(
        dataset_name='flat box', x=1
    )
    assert repr(step) == "NameDataset(name='flat box')"
    assert METRICS.get('ByDataset') is ByDataset
    assert isinstance(step, NameDataset)
