"""The real page, asked by visitors who do not keep to what it offers."""

import argparse
import functools
import http.server
import json
import re
import resource
import socket
import struct
import threading
import time
import zlib
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from dfa_mm.structures import FLD_SETS

pytest.importorskip(
    'gradio', reason='no Gradio: pip install -r requirements/web.txt'
)
import httpx  # noqa: E402  comes with Gradio

from projects.web_demo.addresses import Addresses  # noqa: E402
from projects.web_demo.client import (  # noqa: E402
    API,
    META,
    OTHERS,
    Visitor,
    results,
)
from projects.web_demo.guard import PLACE  # noqa: E402
from projects.web_demo.page import Page  # noqa: E402
from projects.web_demo.questions import MAX_EVENT  # noqa: E402
from projects.web_demo.server import (  # noqa: E402
    address_of,
    listen,
    serving,
)
from projects.web_demo.visitors import (  # noqa: E402
    MAX_TABS,
    MAX_UPLOADS,
    MAX_VISITORS,
)

NOT_FOUND = '{"detail":"Not Found"}'


@pytest.fixture(scope='module')
def page(cascade, find, tmp_path_factory):
    args = argparse.Namespace(**vars(cascade), whole=False, clothes_type=None)
    root = tmp_path_factory.mktemp('root')
    page = Page(args, find, str(root))
    guard = page.guarded(Addresses(['a.test']))
    place = listen('127.0.0.1', None)
    with serving(guard, place):
        yield SimpleNamespace(
            blocks=page.blocks,
            app=guard.app,
            guard=guard,
            visitors=page.visitors,
            url=address_of(place),
            root=root,
        )


@pytest.fixture(autouse=True)
def nobody_else(page):
    """Every test begins with a page that nobody looks at."""
    for visitor in list(page.visitors._all.values()):
        page.visitors.leave(visitor)


def visit(page):
    return Visitor(page.url)


@pytest.fixture
def visitor(page):
    return visit(page)


@pytest.fixture
def other(page):
    return visit(page)


@pytest.fixture
def photo(fld_root):
    return fld_root / 'img/img_00000001.jpg'


@pytest.fixture
def secrets(tmp_path, page, photo, fld_root):
    """Pictures that nobody uploaded in this visit, and how they are named."""
    secret = tmp_path / 'secret.jpg'
    secret.write_bytes(photo.read_bytes())
    beside = Path(page.visitors.root, 'beside.jpg')
    beside.parent.mkdir(exist_ok=True)
    beside.write_bytes(photo.read_bytes())
    link = beside.with_name('link.jpg')
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    theirs = visit(page).upload(fld_root / 'img/img_00000003.jpg')
    climb = '../' * 40
    yield {
        'elsewhere': str(secret),
        'beside': f'{PLACE}/beside.jpg',
        'beside by its path': str(beside),
        'symlink': f'{PLACE}/link.jpg',
        'of another visit': theirs,
        'relative': f'{climb}{secret}'.replace('//', '/'),
        'out of the folder': f'{PLACE}/{climb}{secret}'.replace('//', '/'),
        'absolute within': f'{PLACE}/{secret}',
        'past another upload': f'{theirs}/../../beside.jpg',
        'file address': f'file://{secret}',
        'data address': 'data:image/jpeg;base64,/9j/4AAQSkZJRg==',
        'a NUL': f'{theirs}\0',
        'half a character': f'{PLACE}/\ud800',
        'a long one': f'{PLACE}/' + 'a' * 5000,
        'no such file': f'{tmp_path}/nothing.jpg',
    }
    beside.unlink()
    link.unlink()


def payloads(path):
    """The ways to name a file in an event."""
    address = f'file://{path}'
    return [
        path,
        {'path': path},
        {'path': path, 'meta': META},
        {'path': path, 'meta': {'_type': 'x'}},
        {'path': path, 'meta': META, 'is_stream': True},
        {'url': path},
        {'url': address, 'meta': META},
        {'path': None, 'url': path, 'meta': META},
        {'value': {'path': path, 'meta': META}},
        [{'path': path, 'meta': META}],
    ]


def events(visitor, payload):
    """Every event with the payload in each of its places."""
    for each in visitor.config['dependencies']:
        inputs = [None] * len(each['inputs'])
        for place in range(len(inputs)):
            data = inputs[:place] + [payload] + inputs[place + 1 :]
            yield each['id'], data
    yield visitor.event('photo', 'input'), [None, payload, *OTHERS]


def photo_events(visitor, payload):
    """The event that takes a photo, with the payload as it and before."""
    number = visitor.event('photo', 'input')
    yield number, [None, payload, *OTHERS]
    yield number, [payload, None, *OTHERS]


def test_a_photo_of_this_visit_is_found_and_can_be_downloaded(visitor, photo):
    upload = visitor.upload(photo)
    assert visitor.get(upload).content == photo.read_bytes()
    answer = visitor.take(upload)
    assert all(name in answer for name in FLD_SETS['all'].landmarks)
    png, report = sorted(results(answer), key=lambda p: p.endswith('.json'))
    assert visitor.get(png).content.startswith(b'\x89PNG')
    assert visitor.get(report).json()['image'] == photo.name
    moved = visitor.ask(visitor.event('stage', 'input'), None, 1, False)
    assert results(moved)
    assert results(moved) != results(answer)


def test_only_what_this_visit_uploaded_is_read(visitor, secrets):
    answers = {}
    for kind, path in secrets.items():
        for payload in payloads(path):
            for number, data in photo_events(visitor, payload):
                answer = visitor.ask(number, *data)
                assert not results(answer), (kind, payload, number)
                assert 'Traceback' not in answer
                assert path not in answer
                key = json.dumps([payload, number, data])
                key = key.replace(json.dumps(path)[1:-1], 'PATH')
                key = key.replace(json.dumps(f'file://{path}')[1:-1], 'PATH')
                answers.setdefault(key, {})[kind] = answer
    # none tells which file there is
    for key, by_kind in answers.items():
        assert len(set(by_kind.values())) == 1, (key, by_kind)


def test_nor_by_any_other_event(visitor, secrets):
    for payload in payloads(secrets['elsewhere']):
        for number, data in events(visitor, payload):
            answer = visitor.ask(number, *data)
            assert 'data[' in answer or answer == NOT_FOUND, (payload, number)


def test_a_path_in_a_click_is_not_read_either(visitor, secrets, photo):
    visitor.take(visitor.upload(photo))
    number = visitor.event('photo', 'select')
    for path in secrets.values():
        click = {'index': [1, 1], 'value': {'path': path, 'meta': META}}
        answer = visitor.ask(number, None, 3, False, event_data=click)
        assert not results(answer)
        assert path not in answer


def test_files_are_handed_out_to_whom_they_belong(
    visitor, other, secrets, photo
):
    own = results(visitor.take(visitor.upload(photo)))
    assert own
    asked = [*secrets.values(), *own, *(f'{p}/../{Path(p).name}' for p in own)]
    asked += ['', '/', '.', str(Path(own[0]).parent), '/etc/passwd']
    asked = [quote(name, errors='replace') for name in asked]
    replies = {(r.status_code, r.text) for r in map(other.get, asked)}
    assert len(replies) == 1
    assert replies.pop()[0] == 404
    assert all(visitor.get(path).status_code == 200 for path in own)


def test_a_session_is_nothing_without_its_visitor(visitor, other, photo):
    visitor.take(visitor.upload(photo))
    number = visitor.event('stage', 'input')
    assert results(visitor.ask(number, None, 1, False))
    stolen = other.ask(number, None, 1, False, session=visitor.session)
    assert not results(stolen)


class Secret(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(tmp_path, photo):
    """Of a picture on a server of its own."""
    (tmp_path / 'secret.jpg').write_bytes(photo.read_bytes())
    handler = functools.partial(Secret, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}/secret.jpg'
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(page, monkeypatch):
    """Hosts and addresses that this process asked for, beside the page."""
    seen, port = [], httpx.URL(page.url).port
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def spy_connect(self, address):
        if address[1:2] != (port,):
            seen.append(address)
        return connect(self, address)

    def spy_resolve(host, *args, **kwargs):
        if args[:1] != (port,):
            seen.append(host)
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, 'connect', spy_connect)
    monkeypatch.setattr(socket, 'getaddrinfo', spy_resolve)
    return seen


def test_addresses_are_never_asked(visitor, address, asked):
    for url in (address, 'http://localhost:1/a.jpg', 'HTTPS://a.invalid/b'):
        for payload in payloads(url):
            for number, data in photo_events(visitor, payload):
                assert not results(visitor.ask(number, *data))
        for name in ('file=', 'proxy=', 'file/'):
            assert visitor.http.get(f'{API}/{name}{url}').status_code == 404
    assert asked == []


# what a browser asks for; all else that Gradio offers stays shut
OPEN = {
    '/',
    '/assets/{path:path}',
    '/config',
    '/favicon.ico',
    '/robots.txt',
    '/static/{path:path}',
    '/theme.css',
    f'{API}/file={{path_or_url:path}}',
    f'{API}/heartbeat/{{session_hash}}',
    f'{API}/queue/data',
    f'{API}/queue/join',
    f'{API}/startup-events',
    f'{API}/upload',
    f'{API}/upload_progress',
}


def routes(these):
    for route in these:
        if hasattr(route, 'methods'):
            yield route.path, route.methods
        router = getattr(route, 'original_router', None)
        if router is not None:  # with its prefix in its paths
            yield from routes(router.routes)


def test_what_the_page_does_not_use_is_shut(page, visitor):
    shut = 0
    gradio = page.app.routes[-1].app
    for path, methods in routes(gradio.routes):
        if path in OPEN:
            continue
        for method in methods - {'HEAD'}:
            address = re.sub(r'\{[^}]*\}', '0', path)
            answer = visitor.http.request(method, address, json={})
            assert answer.status_code == 404, (method, path)
            shut += 1
    assert shut > 40


# what is not of the kind, in an event that a browser sends
WRONG = [
    b'',
    b'[]',
    b'{',
    b'null',
    b'"a"',
    b'3',
    b'\xff',
    b'{"data": 1}',
    b'{"fn_index": 0}',
    b'[' * 100_000,
    b'{"data": [' + b'9' * 5000 + b'], "fn_index": 0}',
    b' ' * (MAX_EVENT + 1),
]
CHANGED = [
    {'fn_index': 99},
    {'fn_index': -1},
    {'fn_index': 1e400},
    {'fn_index': '0'},
    {'fn_index': True},
    {'fn_index': None},
    {'fn_index': [0]},
    {'trigger_id': 'a'},
    {'trigger_id': -1},
    {'data': []},
    {'data': {}},
    {'data': None},
    {'data': [None] * 1000},
    {'session_hash': None},
    {'session_hash': 3},
    {'session_hash': '../a'},
    {'session_hash': 'a' * 1000},
    {'session_hash': ['a']},
]


@pytest.mark.parametrize('body', WRONG, ids=range(len(WRONG)))
def test_what_is_no_event_is_refused(visitor, body):
    answer = visitor.http.post(f'{API}/queue/join', content=body)
    assert answer.status_code in (400, 413)
    assert len(answer.text) < 100


@pytest.mark.parametrize('change', CHANGED, ids=map(str, CHANGED))
def test_what_is_no_event_of_the_page_is_refused(visitor, change):
    event = dict(
        data=[None, 3, False],
        fn_index=visitor.event('stage', 'input'),
        session_hash='a',
    )
    body = json.dumps({**event, **change}).encode()
    answer = visitor.http.post(f'{API}/queue/join', content=body)
    assert answer.status_code == 400
    assert len(answer.text) < 100


BAD_VALUES = {
    'Checkbox': [None, 0, 'false', [], {}, [True]],
    'Radio': [None, 0, 'shoes', ['upper'], {}, 'UPPER'],
    'Slider': [None, 0, 4, 1.5, True, '3', [3], 1e400, float('nan'), -1e99],
    'State': [0, '', {}, [None], {'path': '/etc/passwd'}],
    'Image': [0, '', 'a.jpg', [], {}, {'path': None}, {'path': ['a']}],
}


def test_every_value_of_every_event_is_of_its_kind(page, visitor):
    seen = set()
    for number, fn in page.blocks.fns.items():
        kinds = [type(part).__name__ for part in fn.inputs]
        good = dict(Checkbox=True, Radio='upper', Slider=1)
        data = [good.get(kind) for kind in kinds]
        for place, kind in enumerate(kinds):
            seen.add(kind)
            for value in BAD_VALUES[kind]:
                wrong = [*data[:place], value, *data[place + 1 :]]
                answer = visitor.ask(number, *wrong, event_data=CLICK)
                told = f'data[{place}]: not a value of this part'
                assert told in answer or 'no JSON' in answer, (kind, value)
    assert seen == set(BAD_VALUES)


CLICK = {'index': [1, 1]}
PLACES = [
    [1, 1e400],
    [1, float('nan')],
    [-1, 1],
    [1, 1e9],
    [1],
    [1, 2, 3],
    [[1], [2]],
    ['1', '2'],
    [True, False],
    [None, None],
    'ab',
    {},
    [0] * 4000,
]


@pytest.mark.parametrize('place', PLACES, ids=range(len(PLACES)))
def test_a_click_is_on_a_picture(visitor, place):
    number = visitor.event('photo', 'select')
    click = {'index': place, 'value': None}
    answer = visitor.ask(number, None, 3, False, event_data=click)
    assert 'the place of a click' in answer or 'no JSON' in answer


def test_a_visitor_without_a_cookie_is_nobody(page, visitor, photo):
    upload = visitor.upload(photo)
    answer = httpx.get(f'{page.url}{API}/file={upload}')
    assert answer.status_code == 404
    cookie = httpx.get(page.url).headers['set-cookie'].lower()
    assert 'httponly' in cookie
    assert 'samesite=lax' in cookie


def test_a_name_that_was_not_given_is_nobody(page, visitor, photo):
    (name,) = visitor.http.cookies.keys()
    thief = httpx.Client(base_url=page.url, cookies={name: 'a' * 22})
    files = {'files': ('a.jpg', photo.read_bytes())}
    answer = thief.post(f'{API}/upload', files=files)
    assert answer.status_code == 404
    assert 'load the page again' in answer.json()['detail']


HOSTS = {
    'localhost:{port}': 200,
    'LOCALHOST.:{port}': 200,
    '127.0.0.1': 200,
    '[::1]:{port}': 200,
    'a.test': 200,  # was allowed
    'evil.example:{port}': 403,
    'evil.example': 403,
    '10.0.0.1:{port}': 403,
    '127.0.0.1.evil.example': 403,
    'localhost@evil.example': 403,
    '0.0.0.0:{port}': 403,
}


@pytest.mark.parametrize('host', HOSTS)
def test_only_under_its_own_name(page, visitor, photo, host):
    upload = visitor.upload(photo)
    port = httpx.URL(page.url).port
    headers = {'host': host.format(port=port)}
    for path in ('/', '/config', '/theme.css', f'{API}/file={upload}'):
        answer = visitor.http.get(path, headers=headers)
        assert answer.status_code == HOSTS[host], path
    headers['x-forwarded-host'] = 'evil.example'
    headers['x-gradio-server'] = 'http://evil.example'
    headers['forwarded'] = 'host=evil.example'
    for path in ('/', '/config'):
        assert 'evil' not in visitor.http.get(path, headers=headers).text


@pytest.mark.parametrize(
    'headers',
    [
        {'origin': 'http://evil.example'},
        {'origin': 'null'},
        {'origin': 'http://127.0.0.1:1'},
        {'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors'},
        {'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors'},
    ],
)
def test_only_for_itself(page, visitor, photo, headers):
    upload = visitor.upload(photo)
    visitor.take(upload)
    for method, path in (
        ('POST', f'{API}/upload'),
        ('POST', f'{API}/queue/join'),
        ('GET', f'{API}/queue/data?session_hash={visitor.session}'),
        ('GET', f'{API}/heartbeat/{visitor.session}'),
        ('GET', f'{API}/file={upload}'),
        ('GET', '/config'),
        ('OPTIONS', f'{API}/upload'),
    ):
        asked = {**headers, 'access-control-request-method': method}
        answer = visitor.http.request(method, path, headers=asked)
        assert answer.status_code == 403, path
        allowed = [h for h in answer.headers if h.startswith('access-')]
        assert allowed == []


def test_a_websocket_is_refused(page):
    host = httpx.URL(page.url).netloc.decode()
    answer = httpx.get(
        f'{page.url}{API}/queue/join',
        headers={
            'connection': 'Upgrade',
            'upgrade': 'websocket',
            'origin': f'http://{host}',
            'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
            'sec-websocket-version': '13',
        },
    )
    assert answer.status_code == 404


def test_what_the_browser_is_told_to_keep_to(visitor, photo):
    upload = visitor.upload(photo)
    for path in ('/', '/config', '/nothing', f'{API}/file={upload}'):
        told = visitor.http.get(path).headers
        assert told['x-content-type-options'] == 'nosniff'
        assert told['x-frame-options'] == 'DENY'
        assert told['referrer-policy'] == 'no-referrer'
        assert 'server' not in told
        rules = told['content-security-policy']
        assert 'http' not in rules
        assert 'sandbox' in rules or "frame-ancestors 'none'" in rules


SCRIPT = b'<script>alert(1)</script>'
NO_PICTURES = {
    'a.html': SCRIPT,
    'a.svg': b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b'</svg>',
    'a.xml': b'<?xml version="1.0"?>' + SCRIPT,
    'a.js': b'alert(1)',
    'a.pdf': b'%PDF-1.4',
    'a': SCRIPT,
    'a.jpg.html': SCRIPT,
    'a.mp4': b'\0\0\0\x18ftypmp42',
    'a.npy': b'\x93NUMPY',
    'a.pkl': b'\x80\x04.',
    'a.eps': b'%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n',
}


@pytest.mark.parametrize('name', NO_PICTURES)
def test_what_is_no_picture_does_nothing(visitor, name):
    upload = visitor.send(name, NO_PICTURES[name]).json()[0]
    answer = visitor.get(upload)
    assert answer.headers['content-type'] == 'application/octet-stream'
    assert answer.headers['content-disposition'].startswith('attachment')
    assert answer.headers['content-security-policy'].endswith('sandbox')
    told = visitor.take(upload)
    assert not results(told)
    assert f'{name} cannot be read as a picture' in told
    assert visitor.get(upload).status_code == 404  # it is gone


def test_a_picture_that_is_a_script_is_shown_as_a_picture(visitor):
    upload = visitor.send('a.jpg', SCRIPT).json()[0]
    answer = visitor.get(upload)
    assert answer.headers['content-type'] == 'image/jpeg'
    assert answer.headers['x-content-type-options'] == 'nosniff'


@pytest.mark.parametrize(
    'name',
    ['../../a.jpg', '..\\a.jpg', '/etc/a.jpg', '\0a.jpg', 'a' * 5000 + '.jpg'],
)
def test_a_name_is_only_a_name(visitor, page, photo, name):
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="'
    body += (
        name.encode() + b'"\r\n\r\n' + photo.read_bytes() + b'\r\n--x--\r\n'
    )
    kind = {'content-type': 'multipart/form-data; boundary=x'}
    answer = visitor.http.post(f'{API}/upload', content=body, headers=kind)
    assert answer.status_code in (200, 400)  # 400: a header is too long
    if answer.status_code == 200:
        (upload,) = answer.json()
        assert '..' not in upload
        assert visitor.get(quote(upload)).content == photo.read_bytes()
        assert results(visitor.take(upload))
    (folder,) = [each.folder for each in page.visitors._all.values()]
    written = [p for p in page.root.rglob('*') if p.is_file()]
    assert all(p.is_relative_to(folder) for p in written)


FORMS = {
    'no form': (b'a', 'text/plain'),
    'no boundary': (b'a', 'multipart/form-data'),
    'nothing in it': (b'--x--\r\n', 'multipart/form-data; boundary=x'),
    'cut off': (b'--x\r\nConte', 'multipart/form-data; boundary=x'),
    'no file': (
        b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\n'
        b'a\r\n--x--\r\n',
        'multipart/form-data; boundary=x',
    ),
    'letters': (b'a=1&b=2', 'application/x-www-form-urlencoded'),
    'headers': (
        b'--x\r\n' + b'A: b\r\n' * 10_000 + b'\r\n\r\n--x--\r\n',
        'multipart/form-data; boundary=x',
    ),
}


@pytest.mark.parametrize('kind', FORMS)
def test_what_is_no_upload_is_refused(visitor, page, kind):
    body, content_type = FORMS[kind]
    headers = {'content-type': content_type}
    answer = visitor.http.post(f'{API}/upload', content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json() == {'detail': 'expected a form with one file'}
    assert [p for p in page.root.rglob('*') if p.is_file()] == []


def test_two_files_at_once_are_refused(visitor):
    files = [('files', (f'{i}.jpg', b'a')) for i in range(2)]
    assert visitor.http.post(f'{API}/upload', files=files).status_code == 400


def test_uploads_are_limited(visitor, page, monkeypatch):
    monkeypatch.setattr('projects.web_demo.uploads.MAX_UPLOAD', 2**20)
    large = bytes(2**20 + 20_000)
    assert visitor.send('a.jpg', large).status_code == 413

    def unannounced():
        yield b'--x\r\nContent-Disposition: form-data; name="files"; '
        yield b'filename="a.jpg"\r\n\r\n'
        yield from [bytes(2**16)] * 20

    answer = visitor.http.post(
        f'{API}/upload',
        content=unannounced(),
        headers={'content-type': 'multipart/form-data; boundary=x'},
    )
    assert answer.status_code == 413
    assert [p for p in page.root.rglob('*') if p.is_file()] == []


def test_slow_uploads_end(visitor, page, monkeypatch):
    monkeypatch.setattr('projects.web_demo.uploads.UPLOAD_SECONDS', 0.5)
    place = httpx.URL(page.url)
    cookie = '; '.join(f'{k}={v}' for k, v in visitor.http.cookies.items())
    with socket.create_connection((place.host, place.port), 30) as slow:
        slow.sendall(
            f'POST {API}/upload HTTP/1.1\r\nHost: localhost\r\n'
            f'Cookie: {cookie}\r\nContent-Length: 1000\r\n'
            'Content-Type: multipart/form-data; boundary=x\r\n\r\n'
            '--x\r\n'.encode()
        )
        assert b' 408 ' in slow.recv(1000)
    assert [p for p in page.root.rglob('*') if p.is_file()] == []


def test_a_connection_that_says_nothing_is_closed(page, monkeypatch):
    monkeypatch.setattr('projects.web_demo.server.HEAD_SECONDS', 0.5)
    place = httpx.URL(page.url)
    for said in (b'', b'GET / HTTP/1.1\r\nHost: local'):
        with socket.create_connection((place.host, place.port), 30) as slow:
            slow.sendall(said)
            assert slow.recv(1000) == b''


def test_many_uploads_do_not_fill_the_disk(visitor, page, photo):
    sent = [visitor.upload(photo) for _ in range(MAX_UPLOADS + 20)]
    written = [p for p in page.root.rglob('*') if p.is_file()]
    assert len(written) == MAX_UPLOADS
    assert visitor.get(sent[0]).status_code == 404
    assert visitor.get(sent[-1]).status_code == 200


def test_many_results_do_not_either(visitor, page, photo):
    visitor.take(visitor.upload(photo))
    number = visitor.event('stage', 'input')
    for stage in (1, 2, 3) * 3:
        visitor.ask(number, None, stage, False)
    written = [p for p in page.root.rglob('*') if p.is_file()]
    assert len(written) <= 7  # the photo, a small one, two PNG and JSON each


def test_nothing_stays_of_who_left(visitor, page, photo):
    visitor.take(visitor.upload(photo))
    gradio = page.app.routes[-1].app
    assert len(gradio.state_holder.session_data) == 1
    page.visitors.leave(page.visitors.find(*visitor.http.cookies.values()))
    assert list(page.visitors.root.iterdir()) == []
    queue = page.blocks._queue
    for kept in (
        gradio.state_holder.session_data,
        queue.pending_messages_per_session,
        queue.pending_event_ids_session,
        queue.event_ids_to_events,
        *page.blocks.temp_file_sets,
    ):
        assert len(kept) == 0


def test_who_is_gone_is_forgotten_without_being_asked(page, monkeypatch):
    monkeypatch.setattr('projects.web_demo.guard.SWEEP_SECONDS', 0.1)
    monkeypatch.setattr('projects.web_demo.visitors.GONE_AFTER', 0.2)
    guard_timer = page.guard.sweeping
    if guard_timer is not None:  # one of the minute before
        guard_timer.cancel()
        page.guard.sweeping = None
    visit(page)
    end = time.monotonic() + 60
    while len(page.visitors) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(page.visitors.root.iterdir()) == []


def test_a_busy_page_says_so(page):
    for _ in range(MAX_VISITORS):
        assert httpx.get(page.url).status_code == 200
    answer = httpx.get(page.url)
    assert answer.status_code == 503
    assert 'busy' in answer.json()['detail']


def test_a_full_queue_is_busy(visitor, monkeypatch):
    monkeypatch.setattr('projects.web_demo.guard.MAX_WAITING', 0)
    answer = visitor.ask(visitor.event('stage', 'input'), None, 3, False)
    assert 'busy' in answer


def test_tabs_are_few(visitor):
    number = visitor.event('stage', 'input')
    names = [f't{i}' for i in range(MAX_TABS + 1)]
    for name in names:
        visitor.ask(number, None, 3, False, session=name)
    codes = []
    for name in (names[0], 'unknown'):
        address = f'{API}/queue/data?session_hash={name}'
        codes.append(visitor.http.get(address).status_code)
    assert codes == [404, 404]


def test_no_path_of_this_machine_is_told(visitor, page, photo, cascade):
    upload = visitor.upload(photo)
    answer = visitor.take(upload)
    report = next(p for p in results(answer) if p.endswith('.json'))
    texts = [upload, answer, visitor.get(report).text]
    texts += [visitor.http.get(path).text for path in ('/', '/config')]
    for private in (page.root, Path.cwd(), Path.home(), Path(cascade.config)):
        for text in texts:
            assert str(private) not in text
    assert visitor.get(report).json()['config'] == Path(cascade.config).name


def test_a_bomb_is_told_by_its_header(visitor):
    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return (
            struct.pack('>I', len(data)) + kind + data + struct.pack('>I', crc)
        )

    head = struct.pack('>IIBBBBB', 20_000, 20_000, 8, 2, 0, 0, 0)
    bomb = b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', b'')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = visitor.take(visitor.send('a.png', bomb).json()[0])
    assert 'a.png has 20000 x 20000 pixels' in told
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 50_000  # kB; the pixels would take 1.2 million
