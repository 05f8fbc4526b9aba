#!/usr/bin/env python
"""Take a picture of the web page with a photograph on it.

    python projects/web_demo/screenshot.py PHOTO docs/images/web_demo.png

starts demo/web_demo.py, opens it in a Chromium without a window, uploads the
photograph and writes what is seen, with 256 colours to stay small. It needs
Playwright (requirements/web.txt) and Chromium (apt install chromium).
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Iterator, Optional, Sequence

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ('chromium', 'chromium-browser', 'google-chrome', 'chrome')
START_SECONDS = 600  # Python's imports on a machine that is busy
ANSWER_MS = 120_000  # of the page


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('photo')
    parser.add_argument('out', help='PNG to write')
    parser.add_argument('--width', type=int, default=1280)
    parser.add_argument('--height', type=int, default=800)
    parser.add_argument(
        '--whole', action='store_true', help='all of the page, if it is longer'
    )
    return parser.parse_args(argv)


def find_browser() -> str:
    """The command of a Chromium.

    Raises:
        FileNotFoundError: Says what to install.
    """
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise FileNotFoundError('there is no Chromium: apt install chromium')


@contextmanager
def page_server(
    *options: str, **environment: str
) -> Iterator[SimpleNamespace]:
    """The web page as a process: ``url``, ``log``, a file, ``process``.

    Args:
        *options (str): Of demo/web_demo.py, beside the port.
        **environment (str): Variables beside the ones there are.

    Raises:
        RuntimeError: With what it printed, if it does not start.
    """
    command = [sys.executable, str(ROOT / 'demo/web_demo.py'), *options]
    with tempfile.NamedTemporaryFile(suffix='.log') as log:
        process = subprocess.Popen(
            [*command, '--port', str(free_port())],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
        )
        try:
            yield SimpleNamespace(
                url=wait_for_address(process, log.name),
                log=Path(log.name),
                process=process.pid,
            )
        finally:
            process.terminate()
            process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_for_address(process: subprocess.Popen, log: str) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r'open (http\S+)', Path(log).read_text())
        if found:
            return found[1]
        time.sleep(0.2)
    process.kill()
    raise RuntimeError(f'the page did not start:\n{Path(log).read_text()}')


@contextmanager
def chromium(**options):
    """A browser of Playwright's, without a window."""
    from playwright.sync_api import sync_playwright

    # Chromium's sandbox refuses root
    arguments = ['--no-sandbox'] if os.geteuid() == 0 else []
    arguments += options.pop('args', [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=arguments, **options
        )
        try:
            yield browser
        finally:
            browser.close()


def upload(page, photo: str) -> None:
    """Upload a photograph and wait for its garments."""
    page.set_input_files('#photo input[type=file]', photo)
    page.wait_for_selector('#table td', timeout=ANSWER_MS)


def write_small(path: str) -> None:
    """Rewrite a PNG with 256 colours."""
    with Image.open(path) as image:
        # small patches keep their colour, too
        way = Image.Quantize.MAXCOVERAGE
        small = image.convert('RGB').quantize(256, method=way)
    small.save(path, optimize=True)


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    size = dict(width=args.width, height=args.height)
    with page_server() as server, chromium() as browser:
        page = browser.new_page(viewport=size)
        page.goto(server.url)
        upload(page, args.photo)
        page.wait_for_timeout(2000)  # until everything is drawn
        page.screenshot(path=args.out, full_page=args.whole)
    write_small(args.out)
    return 0


if __name__ == '__main__':
    sys.exit(main())
