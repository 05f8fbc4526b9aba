"""The page without a browser: what its script sends, and anything else."""

import json
import re
import uuid
from pathlib import Path

import httpx

API = '/gradio_api'
META = {'_type': 'gradio.FileData'}
OTHERS = 'automatic', False, 1, False  # what is chosen beside the photo
PATIENCE = 600  # seconds, on a machine that is busy


class Visitor:
    """Somebody with cookies, but without a browser.

    Args:
        url (str): Of the page.
    """

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=PATIENCE)
        self.session = uuid.uuid4().hex
        self.config = self.http.get('/config').json()

    def event(self, target: str, name: str) -> int:
        """The number of an event of the part of that ``elem_id``."""
        (part,) = [
            each['id']
            for each in self.config['components']
            if each['props'].get('elem_id') == target
        ]
        (number,) = [
            each['id']
            for each in self.config['dependencies']
            if [part, name] in each['targets']
        ]
        return number

    def send(self, name: str, content: bytes) -> httpx.Response:
        """What the page answers to an upload."""
        files = {'files': (name, content)}
        return self.http.post(f'{API}/upload', files=files)

    def upload(self, file: Path) -> str:
        return self.send(file.name, file.read_bytes()).json()[0]

    def ask(self, number: int, *data, session=None, event_data=None) -> str:
        """All that the page answers to an event."""
        session = session or self.session
        body = dict(
            data=data,
            fn_index=number,
            session_hash=session,
            event_data=event_data,
        )
        joined = self.http.post(
            f'{API}/queue/join', content=json.dumps(body).encode()
        )
        if joined.status_code != 200:
            return joined.text
        text = []
        address = f'{API}/queue/data?session_hash={session}'
        with self.http.stream('GET', address) as answer:
            for line in answer.iter_lines():
                text.append(line)
                if 'process_completed' in line or 'close_stream' in line:
                    break
        text = '\n'.join(text).replace(joined.json()['event_id'], 'EVENT')
        return re.sub(r'\d+\.\d+(e-\d+)?', 'SECONDS', text)

    def take(self, path: str) -> str:
        """Ask for the landmarks of a file as the browser does."""
        photo = dict(path=path, url=f'{API}/file={path}', meta=META)
        return self.ask(self.event('photo', 'input'), None, photo, *OTHERS)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(f'{API}/file={path}')


def results(answer: str) -> list:
    """The files that an answer names."""
    found = re.findall(r'"path": ?"([^"]*_landmarks[^"]*)"', answer)
    return sorted(set(found))
