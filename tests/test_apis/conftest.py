import cv2
import pytest
from demo_files import cascade, fld_root, upper_cascade  # noqa: F401


@pytest.fixture
def photo(fld_root):  # noqa: F811
    """A file of 128 pixels' height."""
    return fld_root / 'img/img_00000002.jpg'


@pytest.fixture
def image(photo):
    return cv2.imread(str(photo))
