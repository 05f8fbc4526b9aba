"""Which landmarks there are, in which order, and what mirrors what."""

from dataclasses import dataclass
from typing import Dict, List, Tuple

from mmpose.datasets.datasets.utils import parse_pose_metainfo

LEFT_COLOR = (51, 153, 255)
RIGHT_COLOR = (255, 128, 0)
MIDDLE_COLOR = (0, 255, 0)


@dataclass(frozen=True)
class LandmarkSet:
    """An ordered set of landmarks.

    Args:
        name (str): Name of the data set it describes, e.g. ``fld_upper``.
        landmarks (tuple[str]): Landmark names; a leading ``left`` or
            ``right`` pairs two of them for flipping.
        limbs (tuple[tuple[str, str]]): Pairs of landmarks that are joined
            when drawn.
    """

    name: str
    landmarks: Tuple[str, ...]
    limbs: Tuple[Tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.landmarks)

    def index(self, landmark: str) -> int:
        return self.landmarks.index(landmark)

    def mirror(self, landmark: str) -> str:
        """The landmark that ``landmark`` becomes in a flipped picture."""
        side, _, rest = landmark.partition(' ')
        other = {'left': 'right', 'right': 'left'}.get(side)
        return landmark if other is None else f'{other} {rest}'

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
                i: dict(link=limb, id=i, color=_side_color(limb))
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


def _side_color(names: Tuple[str, ...]) -> Tuple[int, int, int]:
    sides = {name.partition(' ')[0] for name in names}
    if sides == {'left'}:
        return LEFT_COLOR
    if sides == {'right'}:
        return RIGHT_COLOR
    return MIDDLE_COLOR
