import sys
from pathlib import Path

import cv2
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / 'test_demo'))

from demo_files import cascade, fld_root, upper_cascade  # noqa: E402, F401


@pytest.fixture
def photo(fld_root):  # noqa: F811
    """A file of 128 pixels' height."""
    return fld_root / 'img/img_00000002.jpg'


@pytest.fixture
def image(photo):
    return cv2.imread(str(photo))
