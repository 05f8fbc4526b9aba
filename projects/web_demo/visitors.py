"""Who is here, what is theirs, and when it goes."""

import re
import secrets
import shutil
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Deque, Dict, Optional

from dfa_mm.apis import InputError

MAX_VISITORS = 20  # browsers at once; more are told that the page is busy
MAX_TABS = 4  # of one browser
MAX_UPLOADS = 4  # of one browser that no event has asked for yet
MAX_STREAMS = 3 * MAX_TABS  # connections of one browser that stay open
MAKES_ROOM_AFTER, GONE_AFTER = 15, 600  # seconds without a connection
OVER = 'this visit is over: load the page again'

_NAME_BYTES = 16
_NAME_LENGTH = 22  # _NAME_BYTES in base64
_TAB = re.compile(r'[\w-]{1,40}', re.ASCII)


class FullError(RuntimeError):
    """There are as many visitors as there may be."""


@dataclass(eq=False)
class Visitor:
    """A browser."""

    name: str  # what its cookie says; nobody else knows it
    folder: Path  # for all that is its own
    seen: float  # when it last asked for something
    streams: int = 0  # connections that are open
    tabs: Dict[str, None] = field(default_factory=dict)  # oldest first
    uploads: Deque[Path] = field(default_factory=deque)  # oldest first

    def quiet(self, now: float) -> float:
        """Seconds since anything was heard of it."""
        return 0.0 if self.streams else now - self.seen

    def owns(self, path: Path) -> bool:
        """Whether it is a file of this visitor, and no way to another."""
        try:
            real = path.resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            return False
        return (
            real == path
            and real.is_file()
            and real.is_relative_to(self.folder)
        )

    def keep(self, upload: Path) -> None:
        """One more upload; the oldest go."""
        self.uploads.append(upload)
        while len(self.uploads) > MAX_UPLOADS:
            self.used(self.uploads[0])

    def used(self, upload: Path) -> None:
        """An upload has been read: it lies in a folder of its own."""
        if upload in self.uploads:
            self.uploads.remove(upload)
            shutil.rmtree(upload.parent, ignore_errors=True)


class Visitors:
    """All who are here.

    Args:
        root (str): Folder for their folders.
        forget (callable): Is told the beginning of the names of sessions
            that are over.
        clock (callable): Seconds that never go back.
    """

    def __init__(
        self,
        root: str,
        forget: Callable[[str], None] = lambda session: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root = Path(root).resolve()
        self.forget = forget
        self.clock = clock
        self._all: Dict[str, Visitor] = {}

    def __len__(self) -> int:
        return len(self._all)

    def find(self, name: str) -> Optional[Visitor]:
        """The visitor of a cookie that was given by :meth:`enter`."""
        visitor = self._all.get(name)
        if visitor is not None:
            visitor.seen = self.clock()
        return visitor

    def enter(self) -> Visitor:
        """Somebody new.

        Raises:
            FullError: If nobody of those here has been away for long.
        """
        self.sweep()
        if len(self) >= MAX_VISITORS:
            self._make_room()
        self.root.mkdir(parents=True, exist_ok=True)
        name = secrets.token_urlsafe(_NAME_BYTES)
        folder = Path(tempfile.mkdtemp(dir=self.root))
        visitor = self._all[name] = Visitor(name, folder, self.clock())
        return visitor

    def sweep(self) -> None:
        """Those who are gone, with all that was theirs."""
        now = self.clock()
        for visitor in list(self._all.values()):
            if visitor.quiet(now) > GONE_AFTER:
                self.leave(visitor)

    def leave(self, visitor: Visitor) -> None:
        self._all.pop(visitor.name, None)
        self.forget(visitor.name)
        shutil.rmtree(visitor.folder, ignore_errors=True)

    def session(self, visitor: Visitor, tab: str) -> Optional[str]:
        """The name of a tab's session here; the oldest tabs are given up.

        Args:
            tab (str): The name that the browser gave it; ``None`` is
                returned for one that no browser gives.
        """
        if not isinstance(tab, str) or not _TAB.fullmatch(tab):
            return None
        visitor.tabs.setdefault(tab)
        while len(visitor.tabs) > MAX_TABS:
            oldest = next(iter(visitor.tabs))
            del visitor.tabs[oldest]
            self.forget(visitor.name + oldest)
        return visitor.name + tab

    def of_session(self, session: str) -> Visitor:
        """Whose session it is.

        Raises:
            InputError: If it is nobody's any more.
        """
        visitor = self._all.get(session[:_NAME_LENGTH])
        if visitor is None:
            raise InputError(OVER)
        return visitor

    def _make_room(self) -> None:
        now = self.clock()
        longest = max(self._all.values(), key=lambda one: one.quiet(now))
        if longest.quiet(now) < MAKES_ROOM_AFTER:
            raise FullError(f'{len(self)} visitors')
        self.leave(longest)
