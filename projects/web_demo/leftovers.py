"""What Gradio keeps of sessions and has no way to be told to let go.

All that is known here of Gradio's insides; made for the release that
requirements/web.txt pins.
"""

from pathlib import Path

import gradio as gr
from gradio.routes import App


class Leftovers:
    """The states and the queue of a page.

    Args:
        app (App): Gradio's application of the page.
        blocks (gr.Blocks): The page.
    """

    def __init__(self, app: App, blocks: gr.Blocks) -> None:
        self.states = app.state_holder
        self.blocks = blocks

    @property
    def queue(self):
        return self.blocks._queue

    def waiting(self, visitor: str) -> int:
        """How many events of a visitor are not answered yet."""
        events = list(self.queue.event_ids_to_events.values())
        return sum(event.session_hash.startswith(visitor) for event in events)

    def forget(self, beginning: str) -> None:
        """Let go of the sessions whose names begin so."""
        queue, states = self.queue, self.states
        for session in _named(states.session_data, beginning):
            states.delete_state(session)
        for kept in (
            states.session_data,
            states.time_last_used,
            queue.pending_messages_per_session,
            queue.pending_event_ids_session,
        ):
            for session in _named(kept, beginning):
                kept.pop(session, None)
        for paths in self.blocks.temp_file_sets:
            paths -= {path for path in paths if not Path(path).exists()}


def _named(kept: dict, beginning: str) -> list:
    return [name for name in list(kept) if name.startswith(beginning)]
