"""The Leeds Sports Pose data set's vocabulary (paper, Sect. 4, Table 4).

"Left" is the left of the person or of the picture, depending on the labels'
convention (person-centric or observer-centric); the order is the same.
"""

from .landmark_sets import LandmarkSet

_LANDMARKS = (
    *('right ankle', 'right knee', 'right hip'),
    *('left hip', 'left knee', 'left ankle'),
    *('right wrist', 'right elbow', 'right shoulder'),
    *('left shoulder', 'left elbow', 'left wrist'),
    *('neck', 'head top'),
)
_SIDES = ('right', 'left')


def _both_sides(*pairs):
    return tuple(
        (f'{side} {a}', f'{side} {b}') for a, b in pairs for side in _SIDES
    )


LSP_SET = LandmarkSet(
    'lsp',
    _LANDMARKS,
    (
        *_both_sides(('ankle', 'knee'), ('knee', 'hip')),
        *_both_sides(('wrist', 'elbow'), ('elbow', 'shoulder')),
        *_both_sides(('shoulder', 'hip')),
        ('right hip', 'left hip'),
        ('right shoulder', 'left shoulder'),
        ('right shoulder', 'neck'),
        ('left shoulder', 'neck'),
        ('neck', 'head top'),
    ),
)


def _side_sticks(side: str):
    return {
        f'{side} upper arm': ((f'{side} shoulder',), (f'{side} elbow',)),
        f'{side} lower arm': ((f'{side} elbow',), (f'{side} wrist',)),
        f'{side} upper leg': ((f'{side} hip',), (f'{side} knee',)),
        f'{side} lower leg': ((f'{side} knee',), (f'{side} ankle',)),
    }


# The ten sticks of strict PCP: name -> (end, end). An end is the middle of
# the landmarks it lists. The torso runs from between the shoulders to between
# the hips, as in the observer-centric evaluation of Chen & Yuille (NIPS 2014)
# and Yang et al. (CVPR 2016).
LSP_STICKS = {
    'torso': (
        ('right shoulder', 'left shoulder'),
        ('right hip', 'left hip'),
    ),
    'head': (('neck',), ('head top',)),
    **_side_sticks('right'),
    **_side_sticks('left'),
}

# The columns of Table 4, in its order.
LSP_STICK_GROUPS = {
    'torso': ('torso',),
    'head': ('head',),
    'u.arms': ('right upper arm', 'left upper arm'),
    'l.arms': ('right lower arm', 'left lower arm'),
    'u.legs': ('right upper leg', 'left upper leg'),
    'l.legs': ('right lower leg', 'left lower leg'),
}

# The reference length of PCK runs between these two.
LSP_TORSO = ('left shoulder', 'right hip')
