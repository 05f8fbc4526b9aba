"""In which order a person and the clothes are painted."""

from typing import List, Sequence

import numpy as np

from . import body as figure
from . import head, occluders
from .body import Body
from .chance import chance
from .garment import Garment
from .layer import Layer
from .pose import SIDES, Pose
from .view import View


def painting_order(
    rng: np.random.Generator,
    body: Body,
    pose: Pose,
    view: View,
    wear: Sequence[Garment],
) -> List[Layer]:
    """The layers of a dressed person from the back to the front.

    ``wear`` are the garments, innermost first.
    """
    depth = {s: view.turn(pose.legs[s])[1:, 2].mean() for s in SIDES}
    long_hair = body.hair_length > 0
    layers = []
    if long_hair and not view.back:
        layers += head.hair_fall(body, view)
    arms_before = [s for s in SIDES if not pose.arm_in_front(s, view)]
    for side in arms_before:
        layers += _arm(body, pose, side, view, wear)
    for item in wear:
        layers += item.back
    for side in sorted(SIDES, key=depth.get):
        layers += figure.leg(body, pose, side, view)
        layers += figure.shoe(body, pose, side, view)
    for side in SIDES:
        if side not in arms_before:
            layers.append(figure.shoulder(body, pose, side, view))
    layers += figure.trunk(body, view)
    for item in wear:
        layers += item.front
    if chance(rng, 0.12):
        share = rng.uniform(0.3, 0.9)
        for side in sorted(SIDES, key=depth.get):
            layers += figure.boot(body, pose, side, view, share)
    layers += head.head(body, view)
    if view.back and long_hair:
        layers += head.hair_fall(body, view)
    elif long_hair and chance(rng, 0.4):
        layers += head.hair_strands(rng, body, view)
    if chance(rng, 0.03):
        layers += occluders.scarf(rng, view)
    for side in SIDES:
        if side not in arms_before:
            layers += _arm(body, pose, side, view, wear)
    return layers


def _arm(body, pose, side, view, wear):
    layers = figure.arm(body, pose, side, view)
    if not pose.arm_in_front(side, view):
        layers.insert(0, figure.shoulder(body, pose, side, view))
    for item in wear:
        layers += item.sleeves[side]
    return layers
