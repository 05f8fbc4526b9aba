"""The tail of the errors, which their mean hides."""

import numpy as np

from .means import mean_known

# Of the box: a landmark this far off lies on another part of the garment, or
# beside it. Two readers of the same garments never differ by as much.
GROSS_ERROR = 0.15
QUANTILE = 0.9


def gross_share(errors) -> float:
    """Share in 0..1 of the known errors beyond :data:`GROSS_ERROR`."""
    errors = np.asarray(errors, dtype=np.float64)
    gross = np.where(np.isnan(errors), np.nan, errors > GROSS_ERROR)
    return float(mean_known(gross))


def describe_tail(errors) -> dict:
    """Errors of any shape in five numbers; NaN takes no part.

    Returns:
        dict: ``mean`` over all of them at once, ``median``, ``p90`` (90th
        percentile, linear between neighbours), all in the errors' unit;
        ``gross``, see :func:`gross_share`; ``count``. NaN where there are
        none.
    """
    errors = np.asarray(errors, dtype=np.float64)
    known = errors[~np.isnan(errors)]
    median, p90 = np.nan, np.nan
    if known.size:
        with np.errstate(invalid='ignore'):  # between two infinite errors
            median, p90 = np.quantile(known, [0.5, QUANTILE])
    return {
        'mean': float(mean_known(known)),
        'median': float(median),
        'p90': float(p90),
        'gross': gross_share(known),
        'count': known.size,
    }
