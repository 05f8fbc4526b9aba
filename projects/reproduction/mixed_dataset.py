from typing import List, Sequence

from mmpose.registry import DATASETS

from dfa_mm.datasets import CombinedLandmarkDataset


@DATASETS.register_module()
class MixedLandmarkDataset(CombinedLandmarkDataset):
    """CombinedLandmarkDataset whose size and mixture do not depend on its
    parts' sizes.

    Of each part an equal-sized stretch gives one sample, drawn anew in every
    epoch; where a part is too small, pictures come several times.

    Args:
        datasets (list[dict]): Configs of the parts.
        shares (Sequence[float]): Of each part among the samples, in any unit.
        size (int): Samples in an epoch.
        **kwargs: Of :class:`CombinedLandmarkDataset`.

    Raises:
        ValueError: If there is not one positive share for each part.
    """

    def __init__(
        self,
        datasets: List[dict],
        shares: Sequence[float],
        size: int,
        **kwargs,
    ) -> None:
        if len(shares) != len(datasets) or min(shares) <= 0:
            raise ValueError(
                f'{len(datasets)} data sets need as many positive shares, '
                f'but got {list(shares)}'
            )
        super().__init__(datasets, **kwargs)
        # as the base has them with a sample_ratio_factor
        self.resample, self._lens_ori = True, self._lens
        self._lens = split(size, shares)
        self._len = sum(self._lens)


def split(size: int, shares: Sequence[float]) -> List[int]:
    """Whole numbers of a sum ``size``, each within one of its share."""
    total, borders = sum(shares), [0]
    for i in range(len(shares)):
        borders.append(round(size * sum(shares[: i + 1]) / total))
    return [after - before for before, after in zip(borders, borders[1:])]
