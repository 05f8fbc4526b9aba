"""Cloth: a colour or a repeated tile, and how strongly it folds."""

from dataclasses import dataclass, replace
from typing import Optional, Tuple

import cv2
import numpy as np

from .chance import chance, color, pick, tint
from .noise import clouds

TILE = 96

PATTERNS = dict(
    plain=0.42, rows=0.11, columns=0.07, checks=0.08, plaid=0.06,
    dots=0.07, blobs=0.09, noise=0.06, camouflage=0.04,
)  # fmt: skip


@dataclass(frozen=True)
class Fabric:
    """What a layer is filled with.

    Args:
        bgr (tuple): Its main colour.
        tile (np.ndarray): A repeated BGR picture (TILE, TILE, 3) or None.
        metres (float): Side of the tile.
        folds (float): Strength of the fold shading, 0 to 1; 0 with no
            tile is painted flat.
        fold_index (int): Which fold texture.
        edge (float): How dark the rim is.
    """

    bgr: Tuple[int, int, int]
    tile: Optional[np.ndarray] = None
    metres: float = 0.2
    folds: float = 0.0
    fold_index: int = 0
    edge: float = 0.0

    def darker(self, factor: float) -> 'Fabric':
        tile = self.tile
        if tile is not None:
            tile = cv2.convertScaleAbs(tile, alpha=factor)
        return replace(self, bgr=tint(self.bgr, factor), tile=tile)


def cloth(rng: np.random.Generator, plain: bool = False) -> Fabric:
    kind = 'plain' if plain else pick(rng, PATTERNS)
    ground, ink = color(rng, (0.0, 0.8)), color(rng)
    if chance(rng, 0.25):
        ground = color(rng, (0.0, 0.12), (0.75, 1.0))
    tile = None if kind == 'plain' else _TILES[kind](rng, ground, ink)
    return Fabric(
        bgr=ground,
        tile=tile,
        metres=rng.uniform(0.07, 0.32),
        folds=rng.uniform(0.15, 0.75),
        fold_index=int(rng.integers(8)),
        edge=rng.uniform(0.05, 0.35),
    )


def flat(bgr) -> Fabric:
    return Fabric(tuple(int(c) for c in bgr))


def _ground(bgr) -> np.ndarray:
    return np.full((TILE, TILE, 3), bgr, np.uint8)


def _rows(rng, ground, ink):
    tile = _ground(ground)
    count, share = pick(rng, {1: 1, 2: 2, 4: 1}), rng.uniform(0.15, 0.6)
    period = TILE // count
    for start in range(0, TILE, period):
        tile[start : start + int(period * share)] = ink
    return tile


def _columns(rng, ground, ink):
    return np.ascontiguousarray(_rows(rng, ground, ink).transpose(1, 0, 2))


def _checks(rng, ground, ink):
    tile = _ground(ground)
    step = pick(rng, {TILE // 2: 1, TILE // 4: 1})
    rows, columns = np.indices((TILE, TILE)) // step
    tile[(rows + columns) % 2 == 1] = ink
    return tile


def _plaid(rng, ground, ink):
    lines = _rows(rng, ground, ink)
    crossed = cv2.addWeighted(
        lines, 0.5, np.ascontiguousarray(lines.transpose(1, 0, 2)), 0.5, 0
    )
    at = int(rng.integers(TILE))
    crossed[at : at + 3] = crossed[:, at : at + 3] = color(rng)
    return crossed


def _dots(rng, ground, ink):
    tile = _ground(ground)
    radius = int(rng.integers(TILE // 14, TILE // 5))
    for center in ((TILE // 4, TILE // 4), (3 * TILE // 4, 3 * TILE // 4)):
        cv2.circle(tile, center, radius, ink, -1, cv2.LINE_AA)
    return tile


def _blobs(rng, ground, ink):
    tile = _ground(ground)
    inks = [ink, color(rng), color(rng)]
    for i in range(int(rng.integers(5, 14))):
        center = rng.integers(0, TILE, 2).tolist()
        axes = rng.integers(3, TILE // 5, 2).tolist()
        turn = int(rng.integers(180))
        cv2.ellipse(
            tile, center, axes, turn, 0, 360, inks[i % 3], -1, cv2.LINE_AA
        )
    return tile


def _noise(rng, ground, ink):
    grey = clouds(4 * int(rng.integers(2)))[:TILE, :TILE, None]
    mix = (grey / 255.0) * rng.uniform(0.3, 1.0)
    return (_ground(ground) * (1 - mix) + _ground(ink) * mix).astype(np.uint8)


def _camouflage(rng, ground, ink):
    grey = clouds(int(rng.integers(1, 8)))[:TILE, :TILE]
    tile = _ground(ground)
    tile[grey > 140] = ink
    tile[grey < 90] = tint(ground, 0.6)
    return tile


_TILES = dict(
    rows=_rows,
    columns=_columns,
    checks=_checks,
    plaid=_plaid,
    dots=_dots,
    blobs=_blobs,
    noise=_noise,
    camouflage=_camouflage,
)
