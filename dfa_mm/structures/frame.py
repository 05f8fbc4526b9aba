"""The one frame of landmarks in a crop, for numpy arrays and torch tensors.

The crop spans [-0.5, 0.5] in width and height, (0, 0) is its middle. It is
divided into pixels, or into the cells of a map: number i of W has its centre
at (i + 0.5) / W - 0.5. Mirroring the crop takes x to -x, and so pixel i to
W - 1 - i. ``grid_sample`` without ``align_corners`` has this frame, twice as
large.
"""


def from_pixels(pixels, size):
    """Pixels, or cells, of a crop that is ``size`` of them wide (and high)."""
    return (pixels + 0.5) / size - 0.5


def to_pixels(positions, size):
    """The inverse of :func:`from_pixels`; whole numbers are centres."""
    return (positions + 0.5) * size - 0.5


def mirrored(positions):
    """Positions (..., 2) in the mirrored crop."""
    there = -positions
    there[..., 1] = positions[..., 1]
    return there
