"""What a browser may ask: the page's own events, each value of its kind."""

import json
import math
from typing import Any, Callable, Dict, List, NamedTuple

import gradio as gr

MAX_EVENT = 16 * 1024  # bytes; the page's own have some hundred
MAX_SIDE = 100_000  # pixels of a picture that is clicked on


class QuestionError(ValueError):
    """What was asked is nothing that the page asks."""


class Event(NamedTuple):
    kinds: List[Callable[[Any], bool]]  # of its values, in their order
    clicked: bool  # whether it tells a place


def events_of(blocks: gr.Blocks) -> Dict[int, Event]:
    """The events of a page by their numbers.

    Raises:
        TypeError: Of a part whose values nobody checks.
    """
    return {
        number: Event(
            [_kind_of(part) for part in fn.inputs],
            any(name == 'select' for _, name in fn.targets),
        )
        for number, fn in blocks.fns.items()
    }


def read_event(
    body: bytes, events: Dict[int, Event], own_file: Callable[[str], str]
) -> dict:
    """An event with nothing but what it may have, but for its session.

    Args:
        body (bytes): JSON as Gradio's script sends it.
        events (dict[int, Event]): Of :func:`events_of`.
        own_file (callable): The path of a file by the name that the browser
            knows it by; raises LookupError if it is not the visitor's.

    Raises:
        QuestionError: Says which value is wrong.
    """
    try:
        asked = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise QuestionError('no JSON') from error
    if not isinstance(asked, dict):
        raise QuestionError('no JSON object')
    number = asked.get('fn_index')
    if type(number) is not int or number not in events:
        raise QuestionError('fn_index: no event of this page')
    trigger = asked.get('trigger_id')
    if trigger is not None and (type(trigger) is not int or trigger < 0):
        raise QuestionError('trigger_id: no part of this page')
    event, data = events[number], asked.get('data')
    if not isinstance(data, list) or len(data) != len(event.kinds):
        raise QuestionError(f'data: expected {len(event.kinds)} values')
    for place, (value, fits) in enumerate(zip(data, event.kinds)):
        if not fits(value):
            raise QuestionError(f'data[{place}]: not a value of this part')
    return dict(
        fn_index=number,
        trigger_id=trigger,
        data=[_own(value, own_file) for value in data],
        event_data=_place(asked.get('event_data')) if event.clicked else None,
        session_hash=asked.get('session_hash'),
    )


def _kind_of(part) -> Callable[[Any], bool]:
    """Whether a value is one that this part of the page has."""
    if isinstance(part, gr.State):  # kept here, not in the browser
        return lambda value: value is None
    if isinstance(part, gr.Image):
        return lambda value: (
            value is None
            or isinstance(value, dict)
            and isinstance(value.get('path'), str)
        )
    if isinstance(part, gr.Checkbox):
        return lambda value: isinstance(value, bool)
    if isinstance(part, gr.Radio):
        values = [value for _, value in part.choices]
        return lambda value: isinstance(value, str) and value in values
    if isinstance(part, gr.Slider):
        values = range(int(part.minimum), int(part.maximum) + 1)
        return lambda value: type(value) is int and value in values
    raise TypeError(f'values of {type(part).__name__} are not checked')


def _own(value: Any, own_file: Callable[[str], str]) -> Any:
    """Of a file nothing but its path; a browser tells much more."""
    if not isinstance(value, dict):
        return value
    path = own_file(value['path'])
    return dict(path=path, meta={'_type': 'gradio.FileData'})


def _place(told: Any) -> dict:
    """Where a picture was clicked."""
    index = told.get('index') if isinstance(told, dict) else None
    if (
        not isinstance(index, list)
        or len(index) != 2
        or not all(_is_number(x) and 0 <= x <= MAX_SIDE for x in index)
    ):
        raise QuestionError('event_data: expected the place of a click')
    return dict(index=index, value=None)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
