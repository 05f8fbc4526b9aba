"""Which landmarks there are, in which order, and what mirrors what."""

from dataclasses import dataclass
from functools import cached_property
from typing import Dict, List, Tuple

from mmpose.datasets.datasets.utils import parse_pose_metainfo

from dfa_mm.errors import InputError

from .mirror_pairs import LEFT, RIGHT, check_swaps, find_pairs, side_of

LEFT_COLOR = (51, 153, 255)
RIGHT_COLOR = (255, 128, 0)
MIDDLE_COLOR = (0, 255, 0)


@dataclass(frozen=True)
class LandmarkSet:
    """An ordered set of landmarks.

    Args:
        name (str): Name of the data set it describes, e.g. ``fld_upper``.
        landmarks (tuple[str]): Landmark names; ``left`` and ``right`` in
            them, in any spelling, pair them for flipping.
        limbs (tuple[tuple[str, str]]): Pairs of landmarks that are joined
            when drawn.
        pairs (tuple[tuple[str, str]]): Mirror pairs that the names do not
            tell; see :func:`~dfa_mm.structures.mirror_pairs.find_pairs`.

    Raises:
        InputError: If a name comes twice, a left or right has no partner, or
            a limb or pair names no landmark.
    """

    name: str
    landmarks: Tuple[str, ...]
    limbs: Tuple[Tuple[str, str], ...] = ()
    pairs: Tuple[Tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        find_pairs(self.landmarks, self.pairs)
        for limb in self.limbs:
            unknown = [name for name in limb if name not in self.landmarks]
            if unknown:
                raise InputError(
                    f'limb {list(limb)} of {self.name}: there is no landmark '
                    f'{unknown[0]!r}'
                )

    def __len__(self) -> int:
        return len(self.landmarks)

    def index(self, landmark: str) -> int:
        return self.landmarks.index(landmark)

    def mirror(self, landmark: str) -> str:
        """The landmark that ``landmark`` becomes in a flipped picture."""
        return self._mirrors.get(landmark, landmark)

    @cached_property
    def _mirrors(self) -> Dict[str, str]:
        return find_pairs(self.landmarks, self.pairs)

    @property
    def flip_indices(self) -> List[int]:
        return [self.index(self.mirror(name)) for name in self.landmarks]

    @property
    def limb_indices(self) -> List[Tuple[int, int]]:
        return [(self.index(a), self.index(b)) for a, b in self.limbs]

    def raw_metainfo(self) -> Dict:
        """The set as MMPose's dataset description, still to be parsed."""
        count = len(self)
        return dict(
            dataset_name=self.name,
            keypoint_info={i: self._keypoint_info(i) for i in range(count)},
            skeleton_info={
                i: dict(link=tuple(limb), id=i, color=_side_color(limb))
                for i, limb in enumerate(self.limbs)
            },
            joint_weights=[1.0] * count,
            sigmas=[0.05] * count,
        )

    def metainfo(self) -> Dict:
        """The set in MMPose's parsed dataset-meta format."""
        return parse_pose_metainfo(self.raw_metainfo())

    def _keypoint_info(self, index: int) -> Dict:
        name = self.landmarks[index]
        mirrored = self.mirror(name)
        return dict(
            name=name,
            id=index,
            color=_side_color((name,)),
            type='',
            swap='' if mirrored == name else mirrored,
        )


def check_metainfo(raw: Dict) -> None:
    """Of MMPose's dataset description, before it is parsed.

    Raises:
        InputError: If its names and mirror pairs make no sense together.
    """
    if 'keypoint_info' in raw:
        infos = list(raw['keypoint_info'].values())
    else:
        parsed = parse_pose_metainfo(dict(raw))
        names = parsed['keypoint_id2name']
        flips = enumerate(parsed['flip_indices'])
        infos = [dict(name=names[i], swap=names[j]) for i, j in flips]
    check_swaps([(info['name'], info.get('swap', '')) for info in infos])


def _side_color(names: Tuple[str, ...]) -> Tuple[int, int, int]:
    sides = {side_of(name) for name in names}
    if sides == {LEFT}:
        return LEFT_COLOR
    if sides == {RIGHT}:
        return RIGHT_COLOR
    return MIDDLE_COLOR
