"""The Fashion Landmark Dataset's vocabulary (paper, Sect. 2).

"Left" is the left of the picture, not of the wearer.
"""

from .landmark_sets import LandmarkSet

CLOTHES_TYPES = {1: 'upper', 2: 'lower', 3: 'full'}
VARIATION_TYPES = {
    1: 'normal',
    2: 'medium pose',
    3: 'large pose',
    4: 'medium zoom-in',
    5: 'large zoom-in',
}

_COLLAR = ('left collar', 'right collar')
_SLEEVE = ('left sleeve', 'right sleeve')
_WAIST = ('left waistline', 'right waistline')
_HEM = ('left hem', 'right hem')


def _limbs(*rows):
    """Each pair is joined across, and each side from row to row."""
    across = list(rows)
    down = [
        (a[side], b[side]) for a, b in zip(rows, rows[1:]) for side in (0, 1)
    ]
    return tuple(across + down)


_ARMS = tuple(zip(_COLLAR, _SLEEVE))
_UPPER = _COLLAR + _SLEEVE + _HEM, _limbs(_COLLAR, _HEM) + _ARMS
_LOWER = _WAIST + _HEM, _limbs(_WAIST, _HEM)
_FULL = (
    _COLLAR + _SLEEVE + _WAIST + _HEM,
    _limbs(_COLLAR, _WAIST, _HEM) + _ARMS,
)

FLD_SETS = {
    name: LandmarkSet(f'fld_{name}', landmarks, limbs)
    for name, (landmarks, limbs) in dict(
        upper=_UPPER, lower=_LOWER, full=_FULL, all=_FULL
    ).items()
}

# The slots of the eight-landmark set that each clothes type fills.
TYPE_SLOTS = {
    code: tuple(
        FLD_SETS['all'].index(name) for name in FLD_SETS[kind].landmarks
    )
    for code, kind in CLOTHES_TYPES.items()
}
