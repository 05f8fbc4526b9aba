"""What the landmarks of a whole file show together, beside its boxes."""

from typing import Optional, Sequence

from .coco_schema import Problem

# Fewer garments may all be hidden or cut off; of placed landmarks, 56 % and
# more are visible in every set at hand, 70 % in most.
_MIN_GARMENTS, _MIN_VISIBLE = 5, 0.2
# Of 16,000 pairs of six sets 0.1 % are exchanged: garments upside down.
_MIN_PAIRS, _MAX_EXCHANGED = 10, 0.8


class LabelAudit:
    """All landmarks of a file: their codes, and left beside right.

    Args:
        visible (int): The file's code of what can be seen.
        codes (str): What its codes are, for the message.
        sides (bool): Whether landmarks come in pairs, left before right as
            seen in the picture.
    """

    def __init__(self, visible: int, codes: str, sides: bool) -> None:
        self.visible = visible
        self.codes = codes
        self.sides = sides
        self._garments, self._placed, self._seen = 0, 0, 0
        self._pairs, self._exchanged = 0, 0

    def add(
        self, states: Sequence[int], places: Sequence[Optional[float]]
    ) -> None:
        """Of one garment; places are x, None where there is none."""
        self._garments += 1
        self._placed += sum(x is not None for x in places)
        self._seen += sum(state == self.visible for state in states)
        for left, right in zip(places[::2], places[1::2]):
            if None not in (left, right):
                self._pairs += 1
                self._exchanged += left > right

    def problem(self) -> Optional[Problem]:
        hidden = self._seen <= _MIN_VISIBLE * self._placed
        if hidden and self._garments >= _MIN_GARMENTS:
            return Problem(
                'visibility',
                f'{self._seen} of {self._placed} landmarks visible in '
                f'{self._garments} garments',
                self.codes,
                f'Write {self.visible:d} for what can be seen.',
            )
        exchanged = self._exchanged > _MAX_EXCHANGED * self._pairs
        if self.sides and exchanged and self._pairs >= _MIN_PAIRS:
            return Problem(
                'sides',
                f'{self._exchanged} of {self._pairs} left landmarks further '
                'right than their right ones',
                'the left and right of the picture',
                "If they are the wearer's, exchange them; if pictures were "
                'mirrored, mirror the labels.',
            )
        return None
