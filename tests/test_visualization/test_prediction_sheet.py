import cv2
import numpy as np
import pytest
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from dfa_mm.structures import FLD_SETS
from dfa_mm.visualization import prediction_sheet

META = FLD_SETS['lower'].metainfo()
LEFT = META['keypoint_colors'][0].tolist()
SQUARE = np.array([[[60.0, 60], [90, 60], [60, 90], [90, 90]]])


class Echo:
    """A model whose predictions come with its data."""

    def test_step(self, batch):
        return batch['data_samples']


class Garments(list):
    metainfo = META


@pytest.fixture
def garment(tmp_path):
    """A function: a prediction's fields to a data set of one picture."""

    def make(**pred):
        path = str(tmp_path / 'a.png')
        cv2.imwrite(path, np.full((150, 150, 3), 90, np.uint8))
        sample = PoseDataSample(metainfo=dict(img_path=path))
        sample.pred_instances = InstanceData(**pred)
        sample.gt_instances = InstanceData(
            keypoints=SQUARE,
            landmark_visibility=np.zeros((1, 4), int),
            bboxes=np.array([[50.0, 50, 100, 100]]),
        )
        return Garments([dict(inputs=0, data_samples=sample)])

    return make


def test_a_model_without_stages_and_states(garment):
    sheet = prediction_sheet(Echo(), garment(keypoints=SQUARE))
    # the only cell of two: its one stage and the truth
    assert sheet.shape[1] == 2 * (2 * 200 + 4) + 4
    # Crop from (45, 45), scale 200 / 60: (60, 60) lies at (50, 50).
    for left in (0, 204):
        assert sheet[-150, left + 50].tolist() == LEFT


def test_what_lies_beside_the_box_is_shown(garment):
    far = SQUARE.copy()
    far[0, 3] = (140, 90)
    sheet = prediction_sheet(Echo(), garment(keypoints=far))
    # Box to 140, margin 9: from (41, 41) to 149, scale 200 / 108; a row of
    # 68 from 41 to 109.
    x, y = (np.array([60, 60]) - 41) * 200 / 108
    top = sheet.shape[0] - round(68 * 200 / 108)
    assert sheet[top + round(y), round(x)].tolist() == LEFT


def test_a_diverged_model_has_a_sheet(garment):
    lost = SQUARE * np.nan
    lost[0, 0] = (60, 60)
    sheet = prediction_sheet(Echo(), garment(keypoints=lost))
    assert sheet[-150, 50].tolist() == LEFT
