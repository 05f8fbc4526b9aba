import pickle
from pathlib import Path

import numpy as np
import pytest

from dfa_mm.evaluation.dumps import read_dump

SAMPLES = [
    dict(
        img_path='a.jpg',
        ori_shape=(2, 3),
        pred_instances=dict(keypoints=np.arange(8.0).reshape(1, 4, 2)),
        score=np.float32(0.5),
        names=np.array(['left hem']),
    )
]


@pytest.mark.parametrize('protocol', range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_come_back(tmp_path, protocol):
    path = tmp_path / 'dump.pkl'
    path.write_bytes(pickle.dumps(SAMPLES, protocol))
    (sample,) = read_dump(path)
    (expected,) = SAMPLES
    np.testing.assert_equal(sample, expected)


class Crafted:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return Path.touch, (self.target,)


def test_code_is_not_run(tmp_path):
    path, target = tmp_path / 'dump.pkl', tmp_path / 'made'
    path.write_bytes(pickle.dumps([Crafted(target)]))
    with pytest.raises(ValueError, match='dump.pkl is no dump .* asks for'):
        read_dump(path)
    assert not target.exists()


@pytest.mark.parametrize('content', [b'', b'words', pickle.dumps({'a': 1})])
def test_other_files_are_named(tmp_path, content):
    path = tmp_path / 'dump.pkl'
    path.write_bytes(content)
    with pytest.raises(ValueError, match='dump.pkl is no dump'):
        read_dump(path)
