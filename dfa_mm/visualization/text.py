"""Lines of text on and above pictures."""

from typing import Optional

import cv2
import numpy as np

from .marks import DARK, WHITE

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_CAPITAL_HEIGHT = 21  # pixels of a capital of _FONT at scale 1
_MIN_HEIGHT = 7  # smaller capitals cannot be read
_LINE_HEIGHT = 10  # of with_lines
_HEIGHT_SHARE = 0.022  # of the picture's long side
_STRIP_DARKNESS = 0.6


def text_height(image: np.ndarray) -> int:
    """Height of a capital, in pixels, that suits the picture."""
    return max(_MIN_HEIGHT, round(_HEIGHT_SHARE * max(image.shape[:2])))


def draw_note(
    image: np.ndarray, text: str, height: Optional[int] = None
) -> None:
    """Write text in a dark strip along the lower edge, in place.

    The text is broken between words at the picture's width. ``height`` of a
    capital is by default the picture's :func:`text_height`.
    """
    height = max(_MIN_HEIGHT, height or text_height(image))
    lines = wrap(text, image.shape[1] - height, height)
    _write_strip(image[-_depth(lines, height) :], lines, height)


def draw_tag(image: np.ndarray, text: str, corner, color, height: int) -> None:
    """Write dark text on a strip of a colour, in place.

    Args:
        corner: x, y of the strip's lower left corner; moved where the strip
            would leave the picture.
        color: RGB of the strip.
        height (int): Of a capital, in pixels.
    """
    height = max(_MIN_HEIGHT, height)
    wide, deep = _width(text, height) + height, _step(height)
    rows, columns = image.shape[:2]
    left = int(np.clip(corner[0], 0, max(columns - wide, 0)))
    top = int(np.clip(corner[1] - deep, 0, max(rows - deep, 0)))
    image[top : top + deep, left : left + wide] = color
    origin = left + height // 2, top + round(1.4 * height)
    write(image, text, origin, height, DARK)


def draw_heading(image: np.ndarray, text: str) -> None:
    """:func:`draw_note` along the upper edge."""
    height = text_height(image)
    lines = wrap(text, image.shape[1] - height, height)
    _write_strip(image[: _depth(lines, height)], lines, height)


def _depth(lines: list[str], height: int) -> int:
    return _step(height) * len(lines) + height // 2


def _write_strip(strip: np.ndarray, lines: list[str], height: int) -> None:
    strip[:] = (strip * (1 - _STRIP_DARKNESS)).astype(strip.dtype)
    for i, line in enumerate(lines, start=1):
        baseline = i * _step(height) - height // 4
        write(strip, line, (height // 2, baseline), height)


def _step(height: int) -> int:
    return round(1.8 * height)


def with_title(image: np.ndarray, title: str) -> np.ndarray:
    """The picture under a dark bar with its title, a new array."""
    height = text_height(image)
    bar = np.full((round(2.4 * height), *image.shape[1:]), 32, image.dtype)
    write(bar, title, (height // 2, round(1.7 * height)), height)
    return np.concatenate([bar, image])


def with_lines(image: np.ndarray, lines: list[str], width: int) -> np.ndarray:
    """The picture, on white up to a width, under a dark bar with lines.

    A line that is too long for the width is cut off.
    """
    height = _LINE_HEIGHT
    bar = np.full((_depth(lines, height), width, 3), 32, image.dtype)
    for i, line in enumerate(lines, start=1):
        write(bar, line, (height // 2, i * _step(height)), height)
    room = max(0, width - image.shape[1])
    image = np.pad(
        image[:, :width], ((0, 0), (0, room), (0, 0)), constant_values=255
    )
    return np.concatenate([bar, image])


def wrap(text: str, width: int, height: int) -> list[str]:
    """Break text between words so that every line fits, if a word does."""
    lines = ['']
    for word in text.split():
        longer = f'{lines[-1]} {word}'.strip()
        if lines[-1] and _width(longer, height) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def write(
    image: np.ndarray, text: str, origin, height: int, color=WHITE
) -> None:
    """Write text with its lower left corner at ``origin``."""
    scale, stroke = _scale_and_stroke(height)
    cv2.putText(image, text, origin, _FONT, scale, color, stroke, cv2.LINE_AA)


def _width(text: str, height: int) -> int:
    return cv2.getTextSize(text, _FONT, *_scale_and_stroke(height))[0][0]


def _scale_and_stroke(height: int) -> tuple[float, int]:
    return height / _CAPITAL_HEIGHT, max(1, round(height / 12))
