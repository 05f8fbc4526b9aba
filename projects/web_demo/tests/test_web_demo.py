"""The web page: its parts by themselves, then in a real browser."""

import argparse
import importlib
import json
import re
import signal
import socket
import sys
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import load_script
from mmengine.structures import InstanceData
from PIL import Image

from dfa_mm.apis import Garment
from dfa_mm.structures import FLD_SETS
from dfa_mm.visualization import TYPE_COLORS

INSTALL = 'pip install -r requirements/web.txt'
gr = pytest.importorskip('gradio', reason=f'no Gradio: {INSTALL}')
demo = load_script('demo/web_demo.py')
image_demo = load_script('demo/image_demo.py')
tool = load_script('projects/web_demo/screenshot.py')
from projects.commands.dfa import read  # noqa: E402
from projects.web_demo import words  # noqa: E402
from projects.web_demo.addresses import Addresses  # noqa: E402
from projects.web_demo.page import Page, open_page  # noqa: E402
from projects.web_demo.server import listen  # noqa: E402

META = FLD_SETS['all'].metainfo()
TOP, SKIRT = [10, 5, 90, 60], [12, 50, 88, 120]  # as in conftest.py
PATIENCE = 60_000  # ms, on a machine that is busy


def row(**changes):
    plain = dict(name='left hem', x=1.26, y=2, state='visible')
    return {**plain, 'probability': 0.987, **changes}


def cells(table):
    """Rows of the tables' text."""
    rows = re.findall('<tr>(.*?)</tr>', table)
    return [re.findall('<t[dh][^>]*>(.*?)</t[dh]>', r) for r in rows]


def captions(table):
    """What stands above each, without markup."""
    found = re.findall('<caption>(.*?)</caption>', table)
    return [re.sub('<[^>]*>', '', each).strip() for each in found]


def test_the_rows():
    gone = row(x=None, y=None, state='cut off', probability=None)
    assert cells(words.rows_of([row(), gone])) == [
        ['landmark', 'x', 'y', 'state', 'probability'],
        ['left hem', '1.3', '2.0', 'visible', '0.99'],
        ['left hem', '–', '–', 'cut off', '–'],
    ]


def garment(kind='upper', score=0.876, branch=None):
    count = META['num_keypoints']
    pred = InstanceData(
        keypoints=np.zeros((1, count, 2)),
        keypoint_scores=np.ones((1, count)),
        landmark_visibility=np.zeros((1, count), int),
        stage_keypoints=np.zeros((1, 3, count, 2)),
        stage_visibility=np.zeros((1, 3, count), int),
        bboxes=np.array([[0.0, 0, 8, 8]]),
    )
    if branch is not None:
        pred.branch = np.array([branch])
    return Garment(kind, score, pred)


def test_a_table_for_every_garment():
    found = [garment(), garment('lower', 0.5), garment('upper', 0.4)]
    tables = words.tables_of(found, META, 3, scored=True)
    assert captions(tables) == [
        'upper 1 score 0.88',
        'lower score 0.50',
        'upper 2 score 0.40',
    ]
    assert len(cells(tables)) == 3 * (1 + 8)
    # of a box that was given there is no score
    (given,) = captions(words.tables_of([garment(None)], META, 3, False))
    assert given == 'garment'


def test_names_and_messages_are_no_markup():
    assert '<b>' not in words.rows_of([row(name='<b>hem</b>')])
    assert '&lt;b&gt;' in words.alert('<b>')
    assert '<i>' not in words.summary([], 'no garment found in <i>.jpg')


@pytest.mark.parametrize(
    ('branch', 'said'),
    [
        (0, 'upper stage 3: easy branch'),
        (1, 'upper stage 3: hard branch'),
        (-1, 'upper'),
        (None, 'upper'),
    ],
)
def test_the_branch_in_words(branch, said):
    tables = words.tables_of([garment(branch=branch)], META, 3, False)
    assert captions(tables) == [said]


def test_how_many_garments():
    assert '1 garment<' in words.summary([garment()], '')
    assert '2 garments<' in words.summary([garment()] * 2, '')
    nothing = words.summary([], 'no garment found in sea.jpg')
    assert 'no garment found in sea.jpg. If there is one,' in nothing


def test_the_legend_names_every_type():
    said = words.legend()
    for kind in ('upper', 'lower', 'full'):
        assert f'rgb({",".join(map(str, TYPE_COLORS[kind]))})' in said
        assert f'&nbsp;{kind}' in said


def test_listens_on_this_machine_only_unless_told():
    assert read('web', []).host == '127.0.0.1'
    assert read('web', ['--host', '0.0.0.0']).host == '0.0.0.0'


def test_a_box_is_no_option(capsys):
    with pytest.raises(SystemExit):
        read('web', ['--box', '1', '2', '3', '4'])
    assert 'is clicked on the page' in capsys.readouterr().err


@pytest.fixture
def sigterm():
    """Puts back what the demo does on SIGTERM."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_refuses_clothes_that_the_model_does_not_know(
    capsys, upper_cascade, sigterm
):
    model = upper_cascade.config, upper_cascade.checkpoint
    assert demo.main([*model, '--clothes-type', 'lower']) == 2
    assert 'does not know the landmarks' in capsys.readouterr().err


def test_refuses_an_address_it_cannot_listen_on(capsys):
    # of the addresses for documentation, RFC 5737
    assert demo.main(['--host', '192.0.2.1']) == 2
    assert 'cannot listen on --host 192.0.2.1:' in capsys.readouterr().err
    with socket.create_server(('127.0.0.1', 0)) as other:
        port = str(other.getsockname()[1])
        assert demo.main(['--port', port]) == 2
    assert f'--port {port}: ' in capsys.readouterr().err
    assert demo.main(['--port', '70000']) == 2
    assert '0-65535' in capsys.readouterr().err


def test_without_gradio_it_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, 'projects.web_demo.page')
    monkeypatch.setitem(sys.modules, 'gradio', None)
    with pytest.raises(SystemExit, match='pip install -r requirements/web'):
        importlib.import_module('projects.web_demo.page')


@pytest.fixture
def page(find, cascade, tmp_path, monkeypatch):
    monkeypatch.delenv('GRADIO_TEMP_DIR', raising=False)
    args = argparse.Namespace(**vars(cascade), clothes_type=None, whole=False)
    return Page(args, find, str(tmp_path))


@pytest.fixture
def parts(page):
    return page.parts


def test_of_one_stage_there_is_none_to_choose():
    gradio = pytest.importorskip('gradio')
    from projects.web_demo.layout import Layout

    with gradio.Blocks():
        parts = Layout(['upper'], None, detects=True, whole=False, stages=1)
    assert parts.stage.value == 1
    # within a form within the row
    assert not parts.stage.parent.parent.visible


@pytest.fixture
def events(page):
    return page.events


@pytest.fixture
def visitor(page):
    return page.visitors.enter()


@pytest.fixture
def take(events, visitor):
    """Uploads a picture; what the page then shows, part by part."""

    def run(path, old=None, kind='automatic', whole=False):
        upload = path and dict(path=str(path))
        request = argparse.Namespace(session_hash=visitor.name + 'tab')
        return events.take(old, upload, kind, whole, 3, False, request)

    return run


@pytest.fixture
def photo(fld_root):
    return fld_root / 'img/img_00000001.jpg'


def test_a_stage_is_redrawn_without_the_model(
    events, parts, take, photo, monkeypatch
):
    visit = take(photo)[events.visit]
    monkeypatch.setattr('projects.web_demo.events.find_garments', None)
    tables, pictures = [], []
    for stage in (1, 2, 3):
        shown = events.answer(visit, stage, False)
        tables.append(cells(shown[parts.table]))
        pictures.append(cv2.imread(shown[parts.picture]))
    assert tables[0] != tables[1] != tables[2]
    probabilities = {r[4] for r in tables[0]} - {'probability'}
    assert probabilities == {'–'}  # of the last stage only
    assert (pictures[0] != pictures[1]).any()


def test_nothing_is_left_of_what_is_no_photo(take, page, visitor, tmp_path):
    (tmp_path / 'text.jpg').write_bytes(b'no picture')
    shown = take(tmp_path / 'text.jpg')
    assert 'cannot be read' in shown[page.parts.message].value
    assert list(visitor.folder.iterdir()) == []


def test_two_tabs_share_nothing(events, parts, take, fld_root):
    files = [fld_root / f'img/img_0000000{i}.jpg' for i in (1, 2)]
    first = take(files[0])
    second = take(files[1])
    again = events.answer(first[events.visit], 3, False)
    assert again[parts.table] == first[parts.table] != second[parts.table]
    assert again[parts.picture] != second[parts.picture]


def test_the_files_of_the_photo_before_are_removed(events, parts, take, photo):
    before = take(photo)
    after = take(photo, old=before[events.visit])
    assert cv2.imread(before[parts.picture]) is None
    assert cv2.imread(after[parts.picture]) is not None
    take(None, old=after[events.visit])
    assert cv2.imread(after[parts.picture]) is None


def names(shown, parts):
    rows = cells(shown[parts.table])
    return [r[0] for r in rows if r[0] != 'landmark']


UPPER, LOWER = (list(FLD_SETS[s].landmarks) for s in ('upper', 'lower'))


def test_all_garments_are_shown(parts, take, photo):
    shown = take(photo)
    assert names(shown, parts) == UPPER + LOWER
    heads = captions(shown[parts.table])
    assert [head.split(',')[0] for head in heads] == [
        'upper score 0.75',
        'lower score 0.50',
    ]
    assert '2 garments' in shown[parts.found]


def test_no_garment_is_told(parts, take, tmp_path):
    cv2.imwrite(str(tmp_path / 'night.png'), np.zeros((90, 60, 3), np.uint8))
    shown = take(tmp_path / 'night.png')
    assert 'no garment found in night.png' in shown[parts.found]
    assert shown[parts.table] == ''
    assert shown[parts.get_json].interactive


def test_the_type_of_clothes_is_kept_for_the_next_photo(
    events, parts, take, photo
):
    shown = take(photo, kind='lower')
    assert names(shown, parts) == LOWER
    shown = events.choose_type(shown[events.visit], 'automatic', 3, False)
    assert names(shown, parts) == UPPER + LOWER


def test_one_garment_fills_the_picture(events, parts, take, photo):
    shown = take(photo, kind='lower', whole=True)
    assert names(shown, parts) == LOWER
    assert 'score' not in captions(shown[parts.table])[0]
    shown = events.choose_whole(shown[events.visit], False, 3, False)
    assert 'score' in captions(shown[parts.table])[0]
    assert shown[parts.whole] is False


def clicks(events, shown, *places):
    for place in places:
        visit = shown[events.visit]
        shown = events.click(visit, 3, False, argparse.Namespace(index=place))
    return shown


def test_box_and_whole_picture_take_turns(events, parts, take, photo):
    shown = take(photo, whole=True)
    shown = clicks(events, shown, (50, 50), (200, 250))
    assert shown[parts.whole] is False
    assert len(shown[events.visit].corners) == 2
    assert len(shown[events.visit].garments) == 1
    shown = events.choose_whole(shown[events.visit], True, 3, False)
    assert shown[events.visit].corners == ()
    assert shown[parts.whole] is True
    shown = clicks(events, shown, (50, 50), (200, 250))
    shown = events.clear_box(shown[events.visit], 3, False)
    assert len(shown[events.visit].garments) == 2


def test_an_empty_box_is_given_up_with_a_message(events, parts, take, photo):
    shown = take(photo)
    shown = clicks(events, shown, (50, 50), (50, 50))
    assert 'covers nothing' in shown[parts.message].value
    assert shown[events.visit].corners == ()
    assert parts.table not in shown  # stays as it was


@pytest.fixture(scope='module')
def server(cascade, tmp_path_factory):
    """The page with random weights; it must leave nothing behind."""
    model = cascade.config, cascade.checkpoint, '--device', 'cpu'
    # for boxes that can be told beforehand
    model += ('--whole', '--no-closer-look')
    folder = tmp_path_factory.mktemp('temporary')
    with tool.page_server(*model, TMPDIR=str(folder)) as server:
        yield server
        assert files_in(folder)
        assert 'Traceback' not in server.log.read_text()
    assert not files_in(folder)


def files_in(folder):
    return [file for file in folder.rglob('*') if file.is_file()]


@pytest.fixture(scope='module')
def browser():
    pytest.importorskip('playwright', reason=f'no Playwright: {INSTALL}')
    try:
        tool.find_browser()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    camera = [
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
    ]
    with tool.chromium(args=camera) as browser:
        yield browser


class Tab:
    """The page in a tab of its own, and what a person does with it."""

    def __init__(self, page, url):
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto(url)

    def upload(self, file):
        self.page.set_input_files('#photo input[type=file]', str(file))

    def names(self):
        """Of the landmarks, once there are some."""
        self.page.wait_for_selector('#table td')
        return self.column(1)

    def column(self, number):
        found = self.page.locator(f'#table td:nth-child({number})')
        return found.all_inner_texts()

    def picture(self):
        """The address of the picture with the landmarks."""
        return self.page.get_attribute('#picture img', 'src')

    def width(self):
        script = 'img => img.naturalWidth'
        return self.page.eval_on_selector('#picture img', script)

    def changes(self, before):
        """Wait for another picture than the one of that address."""
        script = (
            'src => { const img = document.querySelector("#picture img");'
            ' return img && img.src != src && img.complete; }'
        )
        self.page.wait_for_function(script, arg=before)

    def download(self, button):
        with self.page.expect_download() as download:
            self.page.click(button)
        return download.value

    def json(self):
        return json.loads(self.download('#get-json').path().read_text())

    def garment(self):
        """The only one."""
        (garment,) = self.json()['garments']
        return garment

    def click(self, x, y):
        """On the photo, in shares of its sides, once it is there."""
        script = 'document.querySelector("#photo img").complete'
        self.page.wait_for_function(script)
        place = self.page.locator('#photo img').bounding_box()
        x, y = x * place['width'], y * place['height']
        self.page.mouse.click(place['x'] + x, place['y'] + y)

    def box(self, corner, opposite):
        """By two clicks, until its landmarks are there."""
        before = self.picture()
        self.click(*corner)
        self.page.wait_for_selector('#hint:has-text("Now click")')
        self.click(*opposite)
        self.changes(before)

    def message(self):
        return self.page.locator('#message [role=alert]')


@contextmanager
def tab_at(browser, url):
    """A tab; it must not ask for anything beyond the server."""
    context = browser.new_context(viewport=dict(width=1280, height=900))
    page, elsewhere = context.new_page(), []
    inside = url, 'blob:', 'data:'
    page.on(
        'request',
        lambda r: r.url.startswith(inside) or elsewhere.append(r.url),
    )
    yield Tab(page, url)
    context.close()
    assert elsewhere == []


@pytest.fixture
def tab(browser, server):
    with tab_at(browser, server.url) as tab:
        yield tab


@pytest.fixture
def detecting(browser, find, cascade, tmp_path):
    """A tab of the page as it is without options."""
    args = argparse.Namespace(**vars(cascade), whole=False, clothes_type=None)
    page, place = Page(args, find, str(tmp_path)), listen('127.0.0.1', None)
    with open_page(page, place, Addresses()) as url:  # noqa: SIM117
        with tab_at(browser, url) as tab:
            yield tab


@pytest.mark.slow
def test_in_a_browser_all_garments(detecting, photo, tmp_path):
    tab = detecting
    tab.upload(photo)
    assert tab.names() == UPPER + LOWER
    assert tab.page.inner_text('#found') == '2 garments'
    heads = tab.page.locator('#table caption').all_inner_texts()
    assert 'score 0.75' in heads[0]
    assert 'score 0.50' in heads[1]
    found = tab.json()['garments']
    assert [one['box'] for one in found] == [TOP, SKIRT]
    assert [one['type'] for one in found] == ['upper', 'lower']
    both = tab.picture()
    tab.page.check('#side-by-side input')  # a row for each
    tab.changes(both)
    rows = tab.picture()
    tab.page.check('#whole input')
    tab.changes(rows)
    height, width = cv2.imread(str(photo)).shape[:2]
    assert tab.garment()['box'] == [0, 0, width, height]
    cv2.imwrite(str(tmp_path / 'night.png'), np.zeros((90, 60, 3), np.uint8))
    tab.page.uncheck('#whole input')
    tab.upload(tmp_path / 'night.png')
    tab.page.wait_for_selector('#found:has-text("no garment found in night")')
    assert tab.page.locator('#table td').count() == 0
    assert tab.json()['garments'] == []


@pytest.mark.slow
def test_in_a_browser_a_photo_from_upload_to_download(
    tab, cascade, photo, tmp_path
):
    tab.upload(photo)
    assert tab.names() == list(FLD_SETS['all'].landmarks)
    assert set(tab.column(4)) <= {'visible', 'occluded', 'cut off'}
    caption = tab.page.inner_text('#table caption')
    assert re.search('stage 3: (easy|hard) branch', caption)
    assert tab.page.inner_text('#found') == '1 garment'

    found = tab.json()
    file = tmp_path / 'image_demo.json'
    options = '--device', 'cpu', '--whole', '--no-closer-look'
    command = str(photo), cascade.config, cascade.checkpoint, *options
    out = '--json', str(file), '--out-dir', str(tmp_path)
    assert image_demo.main([*command, *out]) == 0
    expected = json.loads(file.read_text())
    assert expected.pop('image') == str(photo)
    assert found.pop('image') == photo.name
    ours, other = found['garments'][0], expected['garments'][0]
    for row, expected_row in zip(
        ours.pop('landmarks'), other.pop('landmarks')
    ):
        assert row == pytest.approx(expected_row, abs=1e-3)
    for key in ('config', 'checkpoint'):  # without their folders
        expected[key] = Path(expected[key]).name
    assert found == expected

    download = tab.download('#get-picture')
    assert download.suggested_filename == 'img_00000001_landmarks.png'
    picture = cv2.imread(str(download.path()))
    expected = cv2.imread(str(tmp_path / download.suggested_filename))
    assert picture.shape == expected.shape
    # a mark may be a pixel off where landmarks differ in the last bits
    assert np.mean(picture != expected) < 0.01


@pytest.mark.slow
def test_in_a_browser_the_stages(tab, photo):
    tab.upload(photo)
    tab.names()
    last, places, width = tab.picture(), tab.column(2), tab.width()
    tab.page.fill('#stage input[type=number]', '1')
    tab.changes(last)
    tab.page.wait_for_selector('#table td:last-child:has-text("–")')
    assert tab.column(2) != places
    first = tab.picture()
    tab.page.check('#side-by-side input')
    tab.changes(first)
    height, wide = cv2.imread(str(photo)).shape[:2]
    panel = round(480 * wide / max(height, wide))
    assert tab.width() == 3 * panel + 2 * 4  # three panels, two gaps
    assert width < tab.width()
    # the answer itself stays the last stage's
    assert len(tab.garment()['landmarks']) == 8


@pytest.mark.slow
def test_in_a_browser_a_box_by_two_clicks(tab, photo):
    tab.upload(photo)
    tab.names()
    tab.box((0.75, 0.75), (0.25, 0.5))
    height, width = cv2.imread(str(photo)).shape[:2]
    box = 0.25 * width, 0.5 * height, 0.75 * width, 0.75 * height
    assert tab.garment()['box'] == pytest.approx(box, abs=1)
    assert not tab.page.is_checked('#whole input')
    boxed = tab.picture()
    tab.page.check('#whole input')
    tab.changes(boxed)
    assert tab.garment()['box'] == [0, 0, width, height]


@pytest.mark.slow
def test_in_a_browser_a_turned_photo_is_clicked_upright(tab, photo, tmp_path):
    upright = Image.open(photo).crop((0, 0, 60, 120))
    exif = Image.Exif()
    exif[0x112] = 6  # to be turned clockwise by 90 degrees when shown
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / 'turned.jpg', exif=exif)
    tab.upload(tmp_path / 'turned.jpg')
    tab.names()
    tab.box((0.25, 0.25), (0.75, 0.5))
    assert tab.garment()['box'] == pytest.approx((15, 30, 45, 60), abs=1)


@pytest.mark.slow
def test_in_a_browser_clothes_of_a_type(tab, photo):
    tab.page.click('#clothes-type label:has-text("lower")')  # nothing yet
    tab.upload(photo)
    assert tab.names() == list(FLD_SETS['lower'].landmarks)
    lower = tab.picture()
    tab.page.click('#clothes-type label:has-text("upper")')
    tab.changes(lower)
    assert tab.names() == list(FLD_SETS['upper'].landmarks)
    assert tab.garment()['type'] == 'upper'


@pytest.mark.slow
def test_in_a_browser_bad_files_get_a_message(tab, photo, tmp_path):
    whole = photo.read_bytes()
    bad = {
        'text.jpg': (b'no picture', 'text.jpg cannot be read as a picture'),
        'empty.png': (b'', 'empty.png is empty'),
        'half.jpg': (whole[: len(whole) // 2], 'half.jpg'),
    }
    for name, (content, told) in bad.items():
        (tmp_path / name).write_bytes(content)
        tab.upload(tmp_path / name)
        message = tab.message().filter(has_text=told)
        message.wait_for()
        assert 'temporary' not in message.inner_text()  # its folder
        assert tab.page.locator('#table td').count() == 0
        assert tab.page.locator('#get-json').is_disabled()
        assert 'Traceback' not in tab.page.inner_text('body')
    tab.upload(photo)
    assert len(tab.names()) == 8
    assert tab.message().is_hidden()
    tab.page.click('#photo [aria-label="Remove Image"]')
    tab.page.wait_for_selector('#table td', state='detached')


@pytest.mark.slow
def test_in_a_browser_the_camera(tab):
    tab.page.click('[aria-label="Capture from camera"]')
    tab.page.click('text=Click to Access Webcam')
    running = 'document.querySelector("#photo video").videoWidth > 0'
    tab.page.wait_for_function(running)
    tab.page.click('#photo [aria-label="capture photo"]')
    assert tab.names()
    assert len(tab.garment()['landmarks']) == 8


@pytest.mark.slow
def test_in_a_browser_two_tabs(tab, browser, server, fld_root):
    files = [fld_root / f'img/img_0000000{i}.jpg' for i in (1, 2)]
    tab.upload(files[0])
    tab.names()
    before, own = tab.column(2), tab.picture()
    other = Tab(browser.new_page(), server.url)
    other.upload(files[1])
    other.names()
    assert other.column(2) != before
    other.page.close()
    tab.page.check('#side-by-side input')
    tab.changes(own)
    assert tab.column(2) == before


@pytest.mark.slow
def test_in_a_browser_on_a_telephone(tab, photo):
    tab.page.set_viewport_size(dict(width=400, height=800))
    tab.page.reload()
    tab.upload(photo)
    tab.names()
    script = 'document.documentElement.scrollWidth'
    assert tab.page.evaluate(script) == 400
    table = tab.page.locator('#table').bounding_box()
    assert table['x'] >= 0
    assert table['x'] + table['width'] <= 400
