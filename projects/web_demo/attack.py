#!/usr/bin/env python
"""Ask the web page for what it must not give, and watch its memory.

    python projects/web_demo/attack.py [--requests 500] [--seed 0] [OPTION ...]

starts the page with those options of `dfa web`, sends it drawn photos and,
among them, picture bombs, files that are no pictures, paths of others and of
the machine, events that are none, foreign hosts and origins, uploads that are
broken off, and prints every hundred requests how much memory the page holds.
The exit status is 1 if an answer was not the one that it must be, if the page
printed a traceback, or if memory grew by more than --growth between the first
hundred and the last.
"""

import argparse
import io
import json
import random
import re
import socket
import struct
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import httpx
from PIL import Image, ImageDraw

sys.path.insert(1, str(Path(__file__).resolve().parents[2]))
from projects.web_demo.client import API, META, OTHERS, Visitor, results
from projects.web_demo.screenshot import page_server

EVERY = 100  # requests between two looks at the memory
VISITORS, STAYS = 4, 40  # at a time; requests until another one comes
FINE, NO_PICTURE, REFUSED = 'fine', 'told', 'refused'  # what must be answered


def parse_args(argv: Optional[Sequence[str]] = None):
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('--requests', type=int, default=500)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument(
        '--growth', type=float, default=100, help='MB (default: %(default)s)'
    )
    return parser.parse_known_args(argv)


def drawn(random_: random.Random, side: int) -> Image.Image:
    """A garment of sorts."""
    width, height = side, side * random_.choice((2, 3, 4)) // 3
    image = Image.new('RGB', (width, height), (240, 240, 235))
    draw = ImageDraw.Draw(image)
    color = tuple(random_.randrange(200) for _ in '123')
    draw.polygon(
        [
            (x * width, y * height)
            for x, y in (
                *((0.35, 0.2), (0.65, 0.2), (0.85, 0.4), (0.75, 0.5)),
                *((0.68, 0.42), (0.7, 0.9), (0.3, 0.9), (0.32, 0.42)),
                *((0.25, 0.5), (0.15, 0.4)),
            )
        ],
        color,
    )
    return image


def encoded(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def png_bomb(side: int) -> bytes:
    """Black, a bit per pixel, all of it there: 48 KB for 20000 x 20000."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b''.join(squeeze.compress(row) for _ in range(side))
    head = struct.pack('>IIBBBBB', side, side, 1, 0, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + b''.join(
        struct.pack('>I', len(data))
        + kind
        + data
        + struct.pack('>I', zlib.crc32(kind + data))
        for kind, data in (
            (b'IHDR', head),
            (b'IDAT', body + squeeze.flush()),
            (b'IEND', b''),
        )
    )


def text_bomb() -> bytes:
    """A small PNG with a text of a gigabyte in a chunk of a megabyte."""
    small = encoded(Image.new('RGB', (8, 8)), 'PNG')
    squeeze = zlib.compressobj(9)
    text = b''.join(squeeze.compress(bytes(2**20)) for _ in range(1024))
    data = b'a\0\0' + text + squeeze.flush()
    chunk = struct.pack('>I', len(data)) + b'zTXt' + data
    chunk += struct.pack('>I', zlib.crc32(b'zTXt' + data))
    return small[:33] + chunk + small[33:]  # behind IHDR


def lying(kind: str) -> bytes:
    """A small picture whose header says 60000 x 60000."""
    content = bytearray(encoded(Image.new('RGB', (32, 32)), kind))
    if kind == 'JPEG':
        place = content.index(b'\xff\xc0') + 5
        content[place : place + 4] = struct.pack('>HH', 60_000, 60_000)
    elif kind == 'GIF':
        content[6:10] = struct.pack('<HH', 60_000, 60_000)
    else:  # BMP
        content[18:26] = struct.pack('<ii', 60_000, 60_000)
    return bytes(content)


class Attack:
    """All kinds of requests; each method returns what was answered.

    Args:
        url (str): Of the page.
        folder (str): For a picture that is nobody's upload.
        seed (int): Of the order and of the photos.
    """

    def __init__(self, url: str, folder: str, seed: int) -> None:
        self.url = url
        self.random = random.Random(seed)
        self.visitors: List[Visitor] = []
        self.secret = Path(folder, 'secret.jpg')
        self.secret.write_bytes(encoded(drawn(self.random, 300), 'JPEG'))
        self.large = encoded(drawn(self.random, 8000), 'JPEG')
        bombs = [png_bomb(20_000), text_bomb()]
        bombs += [lying(kind) for kind in ('JPEG', 'GIF', 'BMP')]
        self.bombs = bombs
        self.sent = 0

    def visitor(self) -> Visitor:
        """One of those here; now and then another one comes."""
        if self.sent % STAYS == 0 or len(self.visitors) < VISITORS:
            self.visitors.append(Visitor(self.url))
            del self.visitors[:-VISITORS]
        self.sent += 1
        return self.random.choice(self.visitors)

    def photo(self, visitor: Visitor) -> str:
        kind = self.random.choice(('JPEG', 'PNG', 'WEBP'))
        image = drawn(self.random, self.random.randrange(200, 1500))
        return self._take(visitor, f'a.{kind}', encoded(image, kind))

    def large_photo(self, visitor: Visitor) -> str:
        """Of some 60 million pixels: fewer than there may be."""
        return self._take(visitor, 'a.jpg', self.large)

    def bomb(self, visitor: Visitor) -> str:
        return self._take(visitor, 'a.png', self.random.choice(self.bombs))

    def no_picture(self, visitor: Visitor) -> str:
        content = bytes(self.random.randrange(256) for _ in range(2000))
        content = self.random.choice((content, b'<svg/>', b'', b'\xff\xd8'))
        return self._take(visitor, 'a.jpg', content)

    def half_a_photo(self, visitor: Visitor) -> str:
        content = encoded(drawn(self.random, 500), 'JPEG')
        return self._take(visitor, 'a.jpg', content[: len(content) // 2])

    def stage(self, visitor: Visitor) -> str:
        number = visitor.event('side-by-side', 'input')
        answer = visitor.ask(number, None, 1, self.random.random() < 0.5)
        return FINE if '"success":true' in answer else answer

    def foreign_file(self, visitor: Visitor) -> str:
        path = self.random.choice((str(self.secret), '/etc/passwd', self.url))
        photo = self.random.choice(
            (path, {'path': path}, {'path': path, 'meta': META}, [path])
        )
        number = visitor.event('photo', 'input')
        answer = visitor.ask(number, None, photo, *OTHERS)
        refused = answer.startswith('{"detail":') and path not in answer
        return REFUSED if refused and not results(answer) else answer

    def foreign_address(self, visitor: Visitor) -> str:
        path = self.random.choice(
            (
                f'{API}/file={self.secret}',
                f'{API}/file=/etc/passwd',
                f'{API}/file=/photos/../../etc/passwd',
                f'{API}/proxy=http://localhost/',
                f'{API}/info',
                f'{API}/openapi.json',
                f'{API}/queue/data?session_hash=a',
                f'{API}/stream/a/b/1/playlist.m3u8',
                '/monitoring',
                '/docs',
                '/static/../../../../../../etc/passwd',
                '/assets/%2e%2e/%2e%2e/%2e%2e/%00',
            )
        )
        return self._refused(visitor.http.get(path))

    def no_event(self, visitor: Visitor) -> str:
        event = dict(data=[], fn_index=0, session_hash='a')
        event[self.random.choice(list(event))] = self.random.choice(
            (99, -1, 1e308, None, 'a' * 3000, [[]] * 1000, {'a': {}}, True)
        )
        body = self.random.choice(
            (json.dumps(event).encode(), b'[' * 9999, b'{', b'', bytes(10**6))
        )
        return self._refused(
            visitor.http.post(f'{API}/queue/join', content=body)
        )

    def foreign_page(self, visitor: Visitor) -> str:
        headers = self.random.choice(
            (
                {'host': 'evil.example'},
                {'origin': 'http://evil.example'},
                {'origin': 'null'},
                {'sec-fetch-site': 'cross-site'},
            )
        )
        files = {'files': ('a.jpg', self.secret.read_bytes())}
        return self._refused(
            visitor.http.post(f'{API}/upload', files=files, headers=headers)
        )

    def broken_off(self, visitor: Visitor) -> str:
        """An upload, or a head, that ends in the middle."""
        url, cookies = httpx.URL(self.url), visitor.http.cookies.items()
        cookie = '; '.join(f'{name}={value}' for name, value in cookies)
        said = (
            f'POST {API}/upload HTTP/1.1\r\nHost: {url.netloc.decode()}\r\n'
            f'Cookie: {cookie}\r\nContent-Length: 9000000\r\n'
            'Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n'
            'Content-Disposition: form-data; name="files"; filename="a.jpg"'
            '\r\n\r\n'
        ).encode() + bytes(10**6)
        said = said[: self.random.choice((20, 200, len(said)))]
        with socket.create_connection((url.host, url.port), 60) as place:
            place.sendall(said)
        return REFUSED

    def _take(self, visitor: Visitor, name: str, content: bytes) -> str:
        sent = visitor.send(name, content)
        if sent.status_code != 200:
            return f'{sent.status_code} {sent.text[:200]}'
        answer = visitor.take(sent.json()[0])
        if results(answer):
            return FINE
        told = re.search(r'role=."alert.">([^<]*)', answer)
        return NO_PICTURE if told else answer[-300:]

    def _refused(self, answer: httpx.Response) -> str:
        refused = 400 <= answer.status_code < 500 and len(answer.text) < 200
        return REFUSED if refused else f'{answer.status_code} {answer.text}'


# how often, and what must come of it
KINDS: Dict[str, tuple] = {
    'photo': (10, FINE),
    'large_photo': (1, FINE),
    'stage': (10, FINE),
    'bomb': (25, NO_PICTURE),
    'no_picture': (10, NO_PICTURE),
    'half_a_photo': (4, NO_PICTURE),
    'foreign_file': (10, REFUSED),
    'foreign_address': (10, REFUSED),
    'no_event': (10, REFUSED),
    'foreign_page': (5, REFUSED),
    'broken_off': (5, REFUSED),
}


def memory_of(process: int) -> Dict[str, float]:
    """MB that a process holds, and held at most."""
    status = Path(f'/proc/{process}/status').read_text()
    found = re.findall(r'(VmRSS|VmHWM):\s*(\d+) kB', status)
    return {name: int(size) / 1000 for name, size in found}


def attack(
    server, requests: int, seed: int, say: Callable
) -> Tuple[List[float], int]:
    """The memory every hundred requests, and how many answers were wrong."""
    names = list(KINDS)
    weights = [KINDS[name][0] for name in names]
    sizes, answers = [], Counter()
    with tempfile.TemporaryDirectory() as folder:
        all_kinds = Attack(server.url, folder, seed)
        order = all_kinds.random
        for kind in ('photo', 'large_photo'):  # all that is loaded once is
            getattr(all_kinds, kind)(all_kinds.visitor())
        for number in range(requests + 1):
            if number % EVERY == 0 or number == requests:
                memory = memory_of(server.process)
                sizes.append(memory['VmRSS'])
                say(
                    f'{number:6} requests: {memory["VmRSS"]:6.0f} MB, '
                    f'at most {memory["VmHWM"]:.0f} MB'
                )
            if number < requests:
                (kind,) = order.choices(names, weights)
                answer = getattr(all_kinds, kind)(all_kinds.visitor())
                answers[kind, answer == KINDS[kind][1]] += 1
                if answer != KINDS[kind][1]:
                    say(f'WRONG {kind}: {answer}')
    for kind in names:
        right, wrong = answers[kind, True], answers[kind, False]
        say(f'{kind:16} {right:4} {KINDS[kind][1]}, {wrong} otherwise')
    wrong = sum(n for (_, right), n in answers.items() if not right)
    return sizes, wrong


def main(argv: Optional[Sequence[str]] = None) -> int:
    args, options = parse_args(argv)

    def say(text: str) -> None:
        print(text, flush=True)

    with page_server(*options) as server:
        sizes, wrong = attack(server, args.requests, args.seed, say)
        tracebacks = server.log.read_text().count('Traceback')
    growth = sizes[-1] - sizes[1]
    say(
        f'{wrong} wrong answers, {tracebacks} tracebacks, memory '
        f'{growth:+.0f} MB since request {EVERY}'
    )
    return int(bool(wrong or tracebacks or growth > args.growth))


if __name__ == '__main__':
    sys.exit(main())
