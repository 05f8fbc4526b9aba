"""From random numbers to a labelled picture."""

from typing import Optional

import numpy as np

from .chance import pick
from .degrade import degrade
from .framed_scene import FramedScene, frame_scene
from .framing import ZOOMS
from .labels import garment_mask, joint_labels, landmark_visibility, tight_box
from .plan import TYPE_SHARES, VARIATION_SHARES
from .sample import SynthSample

# Pictures with less of the garment are drawn again: shares of the garment
# and, whether zoomed in or not, of the picture.
_LEAST_SEEN = 0.35
_LEAST_AREA = {False: 0.015, True: 0.12}


def _shows_enough(framed: FramedScene, top, covered, zoomed: bool) -> bool:
    own = {id(layer) for layer in framed.scene.garment.layers}
    is_own = np.array([id(layer) in own for layer in framed.scene.layers])
    seen = np.count_nonzero(is_own[top] & (top >= 0))
    whole = np.count_nonzero(covered)
    return seen > max(_LEAST_SEEN * whole, _LEAST_AREA[zoomed] * covered.size)


def render_sample(
    rng: np.random.Generator,
    size: int = 256,
    clothes_type: Optional[int] = None,
    variation_type: Optional[int] = None,
) -> SynthSample:
    """A labelled picture; types not given are drawn in the paper's shares.

    ``size`` is the picture's long side in pixels.
    """
    clothes_type = clothes_type or pick(rng, TYPE_SHARES)
    variation_type = variation_type or pick(rng, VARIATION_SHARES)
    zoomed = variation_type in ZOOMS
    while True:
        framed = frame_scene(rng, size, clothes_type, variation_type)
        picture, top = framed.paint()
        covered = garment_mask(framed)
        if _shows_enough(framed, top, covered, zoomed):
            break
    joints, joint_visibility = joint_labels(framed, top)
    return SynthSample(
        image=degrade(rng, picture),
        clothes_type=clothes_type,
        variation_type=variation_type,
        landmarks=framed.points,
        visibility=landmark_visibility(framed, top),
        bbox=tight_box(covered),
        joints=joints,
        joint_visibility=joint_visibility,
    )
