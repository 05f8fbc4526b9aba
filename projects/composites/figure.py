"""Flat garments on a drawn figure."""

from typing import Dict, List

import numpy as np

from projects.synthfld import body as drawn
from projects.synthfld import head, occluders
from projects.synthfld.body import Body, sample_body
from projects.synthfld.chance import chance, pick
from projects.synthfld.framing import LARGE_POSE, MEDIUM_POSE, NORMAL
from projects.synthfld.plan import TYPE_SHARES, VARIATION_SHARES
from projects.synthfld.pose import SIDES, Pose, sample_pose
from projects.synthfld.sample import LabelledPicture
from projects.synthfld.view import Camera, View

from .backdrops import OUTDOORS
from .canvas import Canvas
from .drape import drape
from .finish import camera_for, finish
from .misfit import MisfitError
from .pieces import FoldedError, Piece, warp_parts

UPPER, LOWER, FULL = 1, 2, 3
_STRENGTH = {NORMAL: 'normal', MEDIUM_POSE: 'medium', LARGE_POSE: 'large'}
_TURN = dict(normal=12, medium=30, large=40)  # degrees at most
_BEND = dict(normal=0.03, medium=0.08, large=0.14)
_SHADOW = (0.0, 0.6)


def compose_figure(rng, shape, wardrobe, backdrops, things) -> LabelledPicture:
    """A garment worn by a drawn figure, with a second one where it needs.

    Raises:
        MisfitError: Where the pose and the garment do not go together.
    """
    clothes_type = pick(rng, TYPE_SHARES)
    kind = pick(rng, VARIATION_SHARES)
    strength = _STRENGTH.get(kind) or pick(
        rng, dict(normal=5, medium=3, large=2)
    )
    body, view = sample_body(rng), _view(rng, strength)
    pose = sample_pose(rng, strength, view)
    own = wardrobe.draw(rng, clothes_type)
    parts = drape(rng, own, body, pose, view)
    camera = camera_for(rng, own, parts, shape, kind)
    try:
        outfit = [warp_parts(rng, own.patch, parts, camera, shape)]
        other = _other(rng, wardrobe, clothes_type, body, pose, view)
        if other is not None:
            outfit += [warp_parts(rng, *other, camera, shape)]
    except FoldedError as error:
        raise MisfitError('a part folds over') from error
    canvas = Canvas(backdrops.sample(rng, shape, OUTDOORS))
    _dress(rng, canvas, camera, body, pose, view, _order(rng, clothes_type,
                                                         outfit))  # fmt: skip
    return finish(rng, canvas, own.patch, outfit[0], kind, things)


def _view(rng, strength) -> View:
    turn = np.deg2rad(_TURN[strength])
    return View(
        yaw=rng.uniform(-turn, turn),
        pitch=rng.uniform(0.1, 0.3),
        bend=rng.normal(0, _BEND[strength]),
        sway=rng.normal(0, _BEND[strength]),
        wobble=rng.uniform(0, 0.01),
        phase=rng.uniform(0, 6.28),
    )


def _other(rng, wardrobe, clothes_type, body, pose, view):
    """The patch and the parts of what is worn with the garment."""
    if clothes_type == FULL:
        return None
    kind = LOWER if clothes_type == UPPER else UPPER
    pattern = wardrobe.draw(rng, kind)
    return pattern.patch, drape(rng, pattern, body, pose, view)


def _order(rng, clothes_type, outfit):
    """Innermost first: a top is worn over or tucked into what is below."""
    if len(outfit) == 1:
        return outfit
    own_outside = chance(rng, 0.8 if clothes_type == UPPER else 0.65)
    return outfit[::-1] if own_outside else outfit


def _dress(
    rng,
    canvas: Canvas,
    camera: Camera,
    body: Body,
    pose: Pose,
    view: View,
    wear: List[List[Piece]],
) -> None:
    """Paint the figure and its clothes from the back to the front."""
    depth = {s: view.turn(pose.legs[s])[1:, 2].mean() for s in SIDES}
    sleeves = {s: [p for w in wear for p in w if p.side == s] for s in SIDES}
    back = [s for s in SIDES if not pose.arm_in_front(s, view)]
    long_hair = body.hair_length > 0
    shadow = rng.uniform(*_SHADOW)
    if long_hair:
        canvas.draw(head.hair_fall(body, view), camera)
    for side in back:
        canvas.draw([drawn.shoulder(body, pose, side, view)], camera)
        _arm(canvas, camera, body, pose, view, side, sleeves, shadow)
    for side in sorted(SIDES, key=depth.get):
        canvas.draw(drawn.leg(body, pose, side, view), camera)
        canvas.draw(drawn.shoe(body, pose, side, view), camera)
    front = [side for side in SIDES if side not in back]
    canvas.draw([drawn.shoulder(body, pose, s, view) for s in front], camera)
    canvas.draw(drawn.trunk(body, view), camera)
    for pieces in wear:
        for piece in pieces:
            if piece.side == 0:
                piece.paste(canvas, shadow)
    canvas.draw(_head(rng, body, view, long_hair), camera)
    for side in front:
        _arm(canvas, camera, body, pose, view, side, sleeves, shadow)


def _arm(canvas, camera, body, pose, view, side, sleeves: Dict, shadow):
    canvas.draw(drawn.arm(body, pose, side, view), camera)
    for piece in sleeves[side]:
        piece.paste(canvas, shadow)


def _head(rng, body, view, long_hair):
    layers = head.head(body, view)
    if long_hair and chance(rng, 0.4):
        layers += head.hair_strands(rng, body, view)
    if chance(rng, 0.04):
        layers += occluders.scarf(rng, view)
    return layers
