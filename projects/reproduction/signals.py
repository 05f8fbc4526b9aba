import signal

_CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Counts SIGINT, SIGTERM and SIGHUP instead of being ended by them.

    An exception, as Ctrl-C normally raises, could fall between the start of
    a process and its registration, and leave it alone.
    """

    def __enter__(self) -> 'Signals':
        self.count = 0
        self._before = {
            number: signal.getsignal(number)
            for number in _CAUGHT
            # nohup has it ignored, and so it shall stay
            if number != signal.SIGHUP
            or signal.getsignal(number) != signal.SIG_IGN
        }
        for number in self._before:
            signal.signal(number, self._count)
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _count(self, *_) -> None:
        self.count += 1
