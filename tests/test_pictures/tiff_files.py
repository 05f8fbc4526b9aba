"""Uncompressed TIFFs of kinds that Pillow does not write."""

import struct

import numpy as np

_SAMPLES = dict(u=1, i=2, f=3)
_SHORT, _LONG = 3, 4


def tiff(pixels: np.ndarray, orientation: int = 1, photometric=None) -> bytes:
    """One strip of (H, W) grey or (H, W, 3) RGB, of any depth."""
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if photometric is None:
        photometric = 2 if channels == 3 else 1
    bits = pixels.dtype.itemsize * 8
    kind = _SAMPLES[pixels.dtype.kind]
    data = pixels.astype(pixels.dtype.newbyteorder('<')).tobytes()
    start = 8 + len(data)
    triples = [struct.pack('<3H', *[v] * 3) for v in (bits, kind)]
    tags = [
        (256, _LONG, 1, width),
        (257, _LONG, 1, height),
        (258, _SHORT, channels, bits if channels == 1 else start),
        (259, _SHORT, 1, 1),
        (262, _SHORT, 1, photometric),
        (273, _LONG, 1, 8),
        (274, _SHORT, 1, orientation),
        (277, _SHORT, 1, channels),
        (278, _LONG, 1, height),
        (279, _LONG, 1, len(data)),
        (339, _SHORT, channels, kind if channels == 1 else start + 6),
    ]
    entries = b''.join(struct.pack('<HHII', *tag) for tag in tags)
    directory = struct.pack('<H', len(tags)) + entries + bytes(4)
    place = struct.pack('<I', start + 12)
    return b'II*\0' + place + data + b''.join(triples) + directory
