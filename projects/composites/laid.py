"""Flat garments on floors and hangers, with nobody inside."""

from projects.synthfld.body import sample_body
from projects.synthfld.chance import chance, pick
from projects.synthfld.framing import MEDIUM_POSE, NORMAL
from projects.synthfld.plan import TYPE_SHARES
from projects.synthfld.pose import flat_pose
from projects.synthfld.sample import LabelledPicture
from projects.synthfld.scene import hanger_layers
from projects.synthfld.view import View

from .backdrops import INDOORS
from .canvas import Canvas
from .drape import drape
from .finish import camera_for, finish
from .misfit import MisfitError
from .pieces import FoldedError, warp_parts

_KINDS = {NORMAL: 6, MEDIUM_POSE: 2, 4: 1, 5: 1}
_BEND = {MEDIUM_POSE: 0.14}
_LOWER = 2


def compose_laid(rng, shape, wardrobe, backdrops, things) -> LabelledPicture:
    """Raises MisfitError where the garment cannot be laid like that."""
    kind = pick(rng, _KINDS)
    pattern = wardrobe.draw(rng, pick(rng, TYPE_SHARES))
    bend = _BEND.get(kind, 0.04)
    view = View(
        pitch=rng.uniform(0.02, 0.1),
        bend=rng.normal(0, bend),
        sway=rng.normal(0, bend),
        wobble=rng.uniform(0, 0.012),
        phase=rng.uniform(0, 6.28),
    )
    loose = rng.uniform(0, 0.4)
    parts = drape(rng, pattern, sample_body(rng), flat_pose(rng), view, loose)
    camera = camera_for(rng, pattern, parts, shape, kind)
    try:
        pieces = warp_parts(rng, pattern.patch, parts, camera, shape)
    except FoldedError as error:
        raise MisfitError('a part folds over') from error
    canvas = Canvas(backdrops.sample(rng, shape, INDOORS))
    if pattern.patch.clothes_type != _LOWER and chance(rng, 0.3):
        canvas.draw(hanger_layers(rng, view), camera)
    shadow = rng.uniform(0.1, 0.7)
    sleeves_last = chance(rng, 0.6)
    for piece in pieces if sleeves_last else pieces[::-1]:
        piece.paste(canvas, shadow)
    return finish(rng, canvas, pattern.patch, pieces, kind, things)
