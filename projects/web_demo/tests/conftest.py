import cv2
import numpy as np
import pytest
from demo_files import cascade, fld_root, upper_cascade  # noqa: F401

from dfa_mm.apis import load_model
from projects.commands import garments

TOP, SKIRT = [10.0, 5, 90, 60], [12.0, 50, 88, 120]


@pytest.fixture
def photo(fld_root):  # noqa: F811
    """A file of 128 pixels' height."""
    return fld_root / 'img/img_00000002.jpg'


@pytest.fixture
def image(photo):
    return cv2.imread(str(photo))


@pytest.fixture(scope='module')
def find(cascade):  # noqa: F811
    """Sees a top and a skirt in every picture that is not black."""

    def see(image, detector):
        count = 2 * bool(image.any())
        return garments.Garments(
            np.array([TOP, SKIRT], np.float32)[:count],
            ['upper', 'lower'][:count],
            np.array([0.75, 0.5])[:count],
        )

    model = load_model(cascade.config, cascade.checkpoint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(garments, 'find_garments', see)
        yield garments.GarmentFinder(model, object(), closer_look=False)
