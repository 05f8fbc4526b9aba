import csv
import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from demo_files import load_script
from mmpose.apis import inference_topdown, init_model
from PIL import Image

from dfa_mm.apis import default_model, read_picture
from dfa_mm.structures import FLD_SETS, LSP_SET, Visibility

demo = load_script('demo/image_demo.py')
GARMENTS = 'projects.commands.garments'
UPPER = FLD_SETS['upper'].landmarks
TOP, SKIRT = [10.0, 5, 90, 60], [12.0, 50, 88, 120]


@pytest.fixture
def photo(fld_root):
    return fld_root / 'img/img_00000001.jpg'


@pytest.fixture
def call(cascade, tmp_path, monkeypatch):
    """Runs the demo in an empty folder and reads what it has written."""
    monkeypatch.chdir(tmp_path)

    def run(img, *options, model=cascade):
        if model is None:  # named last
            options = [*options, cascade.config, cascade.checkpoint]
            command = [str(img)]
        else:
            command = [str(img), model.config, model.checkpoint]
        extra = ['--device', 'cpu', '--json', 'found.json', '--overwrite']
        extra += map(str, options)
        assert demo.main([*command, *extra]) == 0
        return json.loads((tmp_path / 'found.json').read_text())

    return run


@pytest.fixture
def call_whole(call):
    """The garment of a picture that it fills."""

    def run(img, *options, **kwargs):
        (garment,) = call(img, '--whole', *options, **kwargs)['garments']
        return garment

    return run


@pytest.fixture
def seen(monkeypatch):
    """What the detector says that it sees, whatever it is shown."""
    garments = [('upper', TOP, 0.75), ('lower', SKIRT, 0.5)]

    def find(image, detector):
        types, boxes, scores = zip(*garments) if garments else ((), (), ())
        boxes = np.array(boxes, np.float32).reshape(-1, 4)
        return SimpleNamespace(
            boxes=boxes, types=list(types), scores=np.array(scores)
        )

    monkeypatch.setattr('projects.commands.garments.find_garments', find)
    monkeypatch.setattr(f'{GARMENTS}.load_detector', lambda **_: object())
    return garments


def refusal(capsys, *command):
    assert demo.main([*map(str, command)]) == 2
    return capsys.readouterr().err


def positions(content):
    return np.array(
        [
            [row['x'], row['y']]
            for row in content['landmarks']
            if row['x'] is not None
        ]
    )


def assert_same(found, expected):
    """Two runs may differ in the last bits, for memory is aligned anew."""
    assert len(found['landmarks']) == len(expected['landmarks'])
    for row, other in zip(found['landmarks'], expected['landmarks']):
        assert row == pytest.approx(other, abs=1e-4)


def assert_same_garments(found, expected):
    assert len(found['garments']) == len(expected['garments'])
    for garment, other in zip(found['garments'], expected['garments']):
        assert garment['box'] == other['box']
        assert_same(garment, other)


def test_same_landmarks_as_mmpose(call, cascade, photo):
    (found,) = call(photo, '--box', '10', '20', '90', '100')['garments']
    model = init_model(cascade.config, cascade.checkpoint, device='cpu')
    box = np.array([[10, 20, 90, 100]], np.float32)
    pred = inference_topdown(model, str(photo), box)[0].pred_instances

    assert found['box'] == [10, 20, 90, 100]
    assert [row['name'] for row in found['landmarks']] == list(
        FLD_SETS['all'].landmarks
    )
    states = pred.landmark_visibility[0]
    placed = states != Visibility.TRUNCATED
    np.testing.assert_allclose(
        positions(found), pred.keypoints[0][placed], atol=1e-3
    )
    for k, row in enumerate(found['landmarks']):
        assert row['state'] == ('visible', 'occluded', 'cut off')[states[k]]
        assert row['probability'] == pytest.approx(
            pred.visibility_scores[0, k, states[k]], abs=1e-5
        )
    assert found['branch'] == ('easy', 'hard')[pred.branch[0]]


def test_all_garments_by_default(call, photo, seen, tmp_path, capsys):
    found = call(photo)
    assert (found['schema'], found['image']) == (1, str(photo))
    assert found['size'] == list(cv2.imread(str(photo)).shape[1::-1])
    top, skirt = found['garments']
    assert (top['type'], top['box'], top['score']) == ('upper', TOP, 0.75)
    assert [row['name'] for row in top['landmarks']] == list(UPPER)
    assert (skirt['type'], skirt['box']) == ('lower', SKIRT)
    text = capsys.readouterr().out
    assert f'{photo.name}, upper, score 0.75' in text
    assert f'{photo.name}, lower, score 0.50' in text
    boxes = [
        part for box in (TOP, SKIRT) for part in ('--box', *map(str, box))
    ]
    asked = call(photo, *boxes)
    for garment, given in zip(found['garments'], asked['garments']):
        names = [row['name'] for row in garment['landmarks']]
        rows = [row for row in given['landmarks'] if row['name'] in names]
        assert_same(garment, dict(landmarks=rows))
    assert (tmp_path / 'img_00000001_landmarks.png').is_file()


def test_a_table_of_all_garments(call, shop, seen, tmp_path):
    pictures = call(shop, '--csv', 'new/found.csv')
    with (tmp_path / 'new/found.csv').open(newline='') as file:
        lines = list(csv.DictReader(file))
    # six landmarks of the top and four of the skirt, of either picture
    assert len(lines) == 20
    skirt = pictures[1]['garments'][1]
    for line, row in zip(lines[16:], skirt['landmarks']):
        assert line.pop('image') == pictures[1]['image']
        assert (line.pop('garment'), line.pop('type')) == ('2', 'lower')
        box = [float(line.pop(key)) for key in ('x1', 'y1', 'x2', 'y2')]
        assert box == SKIRT
        assert line.pop('score') == '0.5'
        assert line.pop('landmark') == row['name']
        assert line == {
            key: '' if row[key] is None else str(row[key])
            for key in ('x', 'y', 'state', 'probability')
        }


def test_garments_of_one_type(call, photo, seen):
    (skirt,) = call(photo, '--clothes-type', 'lower')['garments']
    assert skirt['box'] == SKIRT


def test_no_garment_is_no_error(call, photo, seen, tmp_path, capsys):
    seen.clear()
    found = call(photo)
    assert found['garments'] == []
    out = capsys.readouterr().out
    assert f'no garment found in {photo.name}' in out
    drawn = cv2.imread(str(tmp_path / 'img_00000001_landmarks.png'))
    assert max(drawn.shape) == 384
    call(photo, '--clothes-type', 'upper')
    out = capsys.readouterr().out
    assert f'no upper garment found in {photo.name}' in out


def test_the_shipped_detector_is_asked(call, tmp_path):
    cv2.imwrite(
        str(tmp_path / 'grey.png'), np.full((90, 60, 3), 128, np.uint8)
    )
    assert call(tmp_path / 'grey.png')['garments'] == []
    # now everything is one
    assert call(tmp_path / 'grey.png', '--score-thr', '0')['garments']


def test_a_model_of_one_type_is_told_of_no_other(
    call, upper_cascade, photo, seen, capsys
):
    (top,) = call(photo, model=upper_cascade)['garments']
    assert top['type'] == 'upper'
    assert 'the model knows upper garments only' in capsys.readouterr().out


def test_a_model_of_people_needs_no_detector(
    call, lsp_cascade, photo, monkeypatch
):
    monkeypatch.setattr(f'{GARMENTS}.load_detector', None)
    found = call(photo, '--no-closer-look', model=lsp_cascade)
    (person,) = found['garments']
    assert person['type'] is None
    assert person['box'] == [0, 0, *found['size']]
    assert [row['name'] for row in person['landmarks']] == list(
        LSP_SET.landmarks
    )
    (person,) = call(photo, '--box', *map(str, TOP), model=lsp_cascade)[
        'garments'
    ]
    assert person['box'] == TOP


def test_prints_the_landmarks_and_the_branch(call_whole, photo, capsys):
    found = call_whole(photo)
    text = capsys.readouterr().out
    assert all(name in text for name in FLD_SETS['all'].landmarks)
    assert f'branch of the last stage: {found["branch"]}' in text


def test_default_picture_is_named_after_the_photo(call_whole, photo, tmp_path):
    call_whole(photo)
    picture = cv2.imread(str(tmp_path / 'img_00000001_landmarks.png'))
    image = cv2.imread(str(photo))
    # photos below 384 px are shown enlarged
    factor = 384 / max(image.shape)
    assert picture.shape == (
        *(round(side * factor) for side in image.shape[:2]),
        3,
    )


def test_stages_side_by_side(call_whole, photo, tmp_path):
    call_whole(photo, '--stages', '--out-file', 'new/stages.jpg')
    picture = cv2.imread(str(tmp_path / 'new/stages.jpg'))
    height, width = cv2.imread(str(photo)).shape[:2]
    panel = round(320 * width / max(width, height))
    assert picture.shape[1] == 3 * panel + 2 * 4  # three panels, two gaps


def test_clothes_type_hides_the_other_slots(call_whole, photo):
    # where the garment is depends on which landmarks it has
    found = call_whole(photo, '--clothes-type', 'upper', '--no-closer-look')
    everything = call_whole(photo, '--no-closer-look')
    assert found['type'] == 'upper'
    names = [row['name'] for row in found['landmarks']]
    assert names == list(UPPER)
    rows = [row for row in everything['landmarks'] if row['name'] in UPPER]
    assert_same(found, dict(landmarks=rows))


def test_model_of_one_type_names_its_landmarks(
    call_whole, upper_cascade, photo
):
    found = call_whole(photo, model=upper_cascade)
    assert found['type'] == 'upper'
    assert [row['name'] for row in found['landmarks']] == list(UPPER)


def test_meta_from_the_config_where_the_checkpoint_has_none(
    call_whole, nameless_cascade, upper_cascade, photo
):
    nameless = call_whole(photo, model=nameless_cascade)
    named = call_whole(photo, model=upper_cascade)
    assert_same(nameless, named)


def test_kinds_of_photographs(call_whole, tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (60, 40, 1), np.uint8).repeat(3, axis=2)
    colour = Image.fromarray(pixels)
    colour.save(tmp_path / 'colour.png')
    colour.convert('L').save(tmp_path / 'grey.png')
    colour.save(tmp_path / 'photo.webp', lossless=True)
    colour.putalpha(255)
    colour.save(tmp_path / 'rgba.png')
    expected = positions(call_whole(tmp_path / 'colour.png'))
    for name in ('grey.png', 'photo.webp', 'rgba.png'):
        found = positions(call_whole(tmp_path / name))
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_turned_photograph_is_seen_upright(call_whole, tmp_path):
    rng = np.random.default_rng(0)
    upright = Image.fromarray(rng.integers(0, 256, (60, 40, 3), np.uint8))
    exif = Image.Exif()
    exif[0x112] = 6  # to be turned clockwise by 90 degrees when shown
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / 'turned.jpg', exif=exif)
    image = read_picture(str(tmp_path / 'turned.jpg'))
    assert image.shape == (60, 40, 3)
    found = call_whole(tmp_path / 'turned.jpg', '--no-closer-look')
    assert found['box'] == [0, 0, 40, 60]
    Image.fromarray(image[..., ::-1]).save(tmp_path / 'upright.png')
    expected = call_whole(tmp_path / 'upright.png', '--no-closer-look')
    assert_same(found, expected)


def test_box_is_cut_at_the_border(call, call_whole, photo):
    height, width = cv2.imread(str(photo)).shape[:2]
    (found,) = call(photo, '--box', '-5', '-5', '999', '999')['garments']
    assert found['box'] == [0, 0, width, height]
    assert_same(found, call_whole(photo, '--no-closer-look'))


def test_closer_look_is_the_default(call, call_whole, photo):
    """The mean of the whole picture and of the box that the JSON names."""
    found = call_whole(photo)
    height, width = cv2.imread(str(photo)).shape[:2]
    assert found['box'] != [0, 0, width, height]
    # enough digits to cut the same crop
    (second,) = call(photo, '--box', *map(repr, found['box']))['garments']
    first = call_whole(photo, '--no-closer-look')
    for row, one, two in zip(
        *(c['landmarks'] for c in (found, first, second))
    ):
        assert row['state'] == two['state']
        if None not in (row['x'], one['x']):
            assert row['x'] == pytest.approx((one['x'] + two['x']) / 2, 1e-4)


@pytest.mark.parametrize(
    'box',
    [
        ('50', '20', '40', '90'),  # x, y, width, height by mistake
        ('10', '10', '10', '90'),
        ('5000', '0', '5100', '90'),
        ('nan', '0', '10', '90'),
    ],
)
def test_refuses_a_box_without_pixels(capsys, photo, cascade, box):
    command = photo, cascade.config, cascade.checkpoint, '--box', *box
    message = refusal(capsys, *command)
    assert 'covers nothing of the picture' in message
    assert 'x1 y1 x2 y2' in message


def test_refuses_what_does_not_go_together(capsys, photo, cascade):
    command = photo, cascade.config, cascade.checkpoint, '--whole'
    message = refusal(capsys, *command, '--box', '1', '2', '30', '40')
    assert 'give --box or --whole, not both' in message
    for options in (['--score-thr', '35'], ['--score-thr', 'nan', '--whole']):
        with pytest.raises(SystemExit, match='2'):
            demo.main([str(photo), *options])
        assert 'expected 0 to 1' in capsys.readouterr().err


def test_without_the_detectors_file(capsys, photo, cascade, monkeypatch):
    def load(**_):
        raise FileNotFoundError('no file of the detector')

    monkeypatch.setattr(f'{GARMENTS}.load_detector', load)
    message = refusal(capsys, photo, cascade.config, cascade.checkpoint)
    assert 'no file of the detector; or give --box or --whole' in message


def test_refuses_missing_files(capsys, photo, cascade):
    model = cascade.config, cascade.checkpoint
    assert 'there is no file no.jpg' in refusal(capsys, 'no.jpg', *model)
    message = refusal(capsys, photo, 'no.py', cascade.checkpoint)
    assert 'there is no config no.py' in message
    message = refusal(capsys, photo, cascade.config, 'no.pth')
    assert 'there is no checkpoint no.pth' in message


def test_refuses_files_of_another_kind(capsys, photo, cascade, tmp_path):
    text = tmp_path / 'text.jpg'
    text.write_text('no picture')
    model = cascade.config, cascade.checkpoint
    assert 'cannot be read as a picture' in refusal(capsys, text, *model)
    empty = tmp_path / 'empty.jpg'
    empty.touch()
    assert 'empty.jpg is empty' in refusal(capsys, empty, *model)
    message = refusal(capsys, photo, cascade.config, text)
    assert 'text.jpg is no checkpoint' in message
    message = refusal(capsys, photo, *model, '--out-file', 'a.txt')
    assert 'a.txt names no kind of picture' in message


def test_refuses_what_the_machine_lacks(capsys, photo, cascade, monkeypatch):
    command = photo, cascade.config, cascade.checkpoint
    monkeypatch.setattr('torch.cuda.is_available', lambda: False)
    message = refusal(capsys, *command, '--device', 'cuda:0')
    assert 'no GPU for --device cuda:0' in message
    assert '--device no' in refusal(capsys, *command, '--device', 'no')
    monkeypatch.setattr('sys.platform', 'linux')
    monkeypatch.delenv('DISPLAY', raising=False)
    monkeypatch.delenv('WAYLAND_DISPLAY', raising=False)
    assert 'no display' in refusal(capsys, *command, '--show')


def test_refuses_a_checkpoint_of_another_subset(
    capsys, photo, cascade, upper_cascade
):
    message = refusal(capsys, photo, cascade.config, upper_cascade.checkpoint)
    assert 'does not fit the config' in message
    # stage 1's centres: 20 clusters of 8 or of 6 landmarks' x and y
    assert 'stages.0.pseudo_label.centers' in message
    assert '[20, 12]' in message
    assert '[20, 16]' in message


def test_refuses_a_type_that_the_model_does_not_know(
    capsys, photo, upper_cascade
):
    command = photo, upper_cascade.config, upper_cascade.checkpoint
    message = refusal(capsys, *command, '--clothes-type', 'lower')
    assert 'does not know the landmarks of lower clothes' in message


def test_options_may_stand_anywhere(cascade, photo, seen, tmp_path):
    file = tmp_path / 'a.png'
    command = '--stages', photo, '--out-file', file, cascade.config
    options = '--device', 'cpu', cascade.checkpoint
    assert demo.main([*map(str, [*command, *options])]) == 0
    assert file.is_file()


def test_config_and_checkpoint_go_together(photo, cascade, capsys):
    with pytest.raises(SystemExit):
        demo.main([str(photo), cascade.config])
    assert 'both CONFIG and CHECKPOINT' in capsys.readouterr().err


def test_without_a_model_it_takes_the_default(
    photo, cascade, seen, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(default_model, 'ROOTS', (tmp_path,))
    assert 'comes without its default model' in refusal(capsys, photo)

    monkeypatch.setattr(
        'projects.commands.model.default_model_files',
        lambda: (cascade.config, cascade.checkpoint),
    )
    command = str(photo), '--json', 'a.json', '--device', 'cpu'
    assert demo.main(command) == 0
    found = json.loads((tmp_path / 'a.json').read_text())
    assert found['checkpoint'] == cascade.checkpoint


def test_flip_test_can_be_chosen(call_whole, photo):
    def probabilities(*options):
        rows = call_whole(photo, *options)['landmarks']
        return np.array([row['probability'] for row in rows])

    default = probabilities()
    on, off = probabilities('--flip-test'), probabilities('--no-flip-test')
    np.testing.assert_allclose(default, on, atol=1e-5)  # as in the config
    assert np.abs(on - off).max() > 1e-3


@pytest.fixture
def shop(tmp_path, fld_root):
    """Two photographs of the same name, one of another, a broken one."""
    root = tmp_path / 'shop'
    for i, name in enumerate(('a.jpg', 'a.png', 'deep/b.jpg'), start=1):
        image = cv2.imread(str(fld_root / f'img/img_0000000{i}.jpg'))
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / name), image)
    (root / 'notes.txt').write_text('no picture')
    return root


def test_a_folder(call, shop, seen, tmp_path, capsys):
    found = call(shop)
    assert [row['image'] for row in found] == [
        str(shop / 'a.jpg'),
        str(shop / 'a.png'),
    ]
    assert_same_garments(found[0], call(shop / 'a.jpg'))
    drawn = sorted(file.name for file in (tmp_path / 'landmarks').iterdir())
    assert drawn == ['a.jpg_landmarks.png', 'a.png_landmarks.png']
    text = capsys.readouterr().out
    assert '2 of 2 pictures (not taken: 1 .txt, 1 folders), 4 gar' in text


def test_a_pattern(call, shop, seen, tmp_path):
    found = call(shop / '**/*.jpg', '--out-dir', 'out', '--stages')
    assert len(found) == 2
    assert_same_garments(found[1], call(shop / 'deep/b.jpg'))
    assert (tmp_path / 'out/deep/b_landmarks.png').is_file()


def test_a_broken_picture_among_many_is_named(
    cascade, shop, seen, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (shop / 'broken.jpg').write_text('no picture')
    model = cascade.config, cascade.checkpoint
    assert demo.main([str(shop), *model, '--device', 'cpu']) == 1
    text = capsys.readouterr().out
    assert 'broken.jpg cannot be read as a picture' in text
    assert '2 of 3 pictures' in text


def test_refuses_what_does_not_go_with_many(capsys, cascade, shop, tmp_path):
    model = cascade.config, cascade.checkpoint
    message = refusal(capsys, shop, *model, '--out-file', 'a.png')
    assert 'give --out-dir' in message
    message = refusal(capsys, shop, *model, '--box', '1', '2', '3', '4')
    assert '--box is of one picture, not 2' in message
    (tmp_path / 'empty').mkdir()
    message = refusal(capsys, tmp_path / 'empty', *model)
    assert 'there is no picture in' in message
    clip = tmp_path / 'clip.mp4'
    clip.touch()
    assert 'is a video' in refusal(capsys, clip, *model)


def test_an_address(call, photo, seen, monkeypatch):
    # over the network: tests/test_apis/test_pictures.py
    monkeypatch.setattr(
        'dfa_mm.apis.pictures.download', lambda url: photo.read_bytes()
    )
    url = 'https://example.org/shirts/42?size=large'
    found = call(url)
    assert found['image'] == url
    assert_same_garments(found, call(photo))


@pytest.mark.parametrize(
    ('option', 'words'),
    [
        (('--out-file', 'shirt[red].png'), 'would replace the input'),
        (('--json', 'shirt[red].png'), 'would replace the input'),
        (('--jsonl', 'shirt[red].png', '--overwrite'), 'would replace'),
        (('--csv', 'a.csv', '--json', './a.csv'), 'two results go to'),
        (('--json', '.'), 'is a folder'),
        (('--out-dir', 'shirt[red].png/x'), 'nothing can be written'),
    ],
)
def test_results_are_tried_before_the_work(
    tmp_path, monkeypatch, capsys, option, words
):
    monkeypatch.chdir(tmp_path)
    cv2.imwrite('shirt[red].png', np.full((40, 30, 3), 200, np.uint8))
    before = Path('shirt[red].png').read_bytes()
    assert words in refusal(capsys, 'shirt[red].png', *option)
    assert Path('shirt[red].png').read_bytes() == before


def test_names_are_no_markup(call, tmp_path, seen, capsys):
    name = tmp_path / 'shirt[red].png'
    cv2.imwrite(str(name), np.full((40, 30, 3), 200, np.uint8))
    call(name, '--whole', '--out-dir', tmp_path / 'a[o]')
    assert 'shirt[red]_landmarks.png' in capsys.readouterr().out


ODD = os.fsdecode(b'caf\xe9 "red"\\\n.jpg')


def test_names_of_any_bytes(call, photo, seen, tmp_path, capsys):
    (tmp_path / 'in').mkdir()
    for name in (ODD, 'ok.jpg'):
        shutil.copy(photo, tmp_path / 'in' / name)
    found = call('in', '--csv', 'a.csv', '--jsonl', 'a.jsonl')
    name = 'in/caf\\xe9 "red"\\\n.jpg'
    assert [told['image'] for told in found] == [name, 'in/ok.jpg']
    text = (tmp_path / 'found.json').read_bytes().decode('utf-8')
    assert json.loads(text) == found
    with (tmp_path / 'a.csv').open(newline='', encoding='utf-8') as file:
        assert {line['image'] for line in csv.DictReader(file)} == {
            *('in/ok.jpg', name)
        }
    drawn = os.fsencode(ODD.replace('.jpg', '_landmarks.png'))
    assert drawn in os.listdir(os.fsencode(tmp_path / 'landmarks'))
    assert len(capsys.readouterr().out.splitlines()) < 10


def test_a_line_for_every_picture_as_soon_as_it_is_done(
    call, shop, seen, tmp_path, monkeypatch
):
    found = call(shop, '--recursive', '--jsonl', 'a.jsonl')
    lines = (tmp_path / 'a.jsonl').read_text().splitlines()
    assert [json.loads(line) for line in lines] == found
    assert len(found) == 3

    def draw(*_):
        drawn.append(1)
        if len(drawn) == 3:
            raise KeyboardInterrupt
        return np.zeros((4, 4, 3), np.uint8)

    drawn = []
    monkeypatch.setattr(f'{GARMENTS}.GarmentFinder.draw', draw)
    with pytest.raises(AssertionError, match='130 == 0'):  # stopped
        call(shop, '--recursive', '--jsonl', 'a.jsonl')
    again = (tmp_path / 'a.jsonl').read_text().splitlines()
    assert [json.loads(line)['image'] for line in again] == [
        told['image'] for told in found[:2]
    ]
    assert len(json.loads((tmp_path / 'found.json').read_text())) == 2


def test_several_names_are_several_pictures(call, photo, shop, seen, tmp_path):
    (tmp_path / 'list.txt').write_text(f'{shop}/deep/*.jpg\n')
    command = str(photo), 'shop/a.jpg', '@list.txt'
    found = call(command[0], *command[1:], model=None)
    assert [told['image'] for told in found] == [
        *(str(photo), 'shop/a.jpg', f'{shop}/deep/b.jpg')
    ]


def test_what_exists_is_kept(
    call, cascade, photo, seen, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    command = photo, cascade.config, cascade.checkpoint, '--device', 'cpu'
    assert demo.main([*map(str, command)]) == 0
    before = (tmp_path / 'img_00000001_landmarks.png').read_bytes()
    message = refusal(capsys, *command, '--stages')
    assert 'img_00000001_landmarks.png exists already: give' in message
    (tmp_path / 'a.csv').write_text('mine')
    for option in ('--csv', '--json', '--jsonl', '--out-file'):
        where = [] if option == '--out-file' else ['--out-dir', 'other']
        message = refusal(capsys, *command, *where, option, 'a.csv')
        assert 'a.csv' in message
    assert (tmp_path / 'a.csv').read_text() == 'mine'
    after = (tmp_path / 'img_00000001_landmarks.png').read_bytes()
    assert before == after
    call(photo, '--stages')  # with --overwrite
    after = (tmp_path / 'img_00000001_landmarks.png').read_bytes()
    assert before != after


def test_what_is_left_out_is_said(call, photo, shop, seen, capsys):
    frames = [Image.open(photo), Image.new('RGB', (9, 9))]
    frames[0].save(shop / 'a.gif', save_all=True, append_images=frames[1:])
    assert len(call(shop)) == 3
    text = capsys.readouterr().out
    assert '3 of 3 pictures (not taken: 1 .txt, 1 folders), 6 gar' in text
    assert f'only the first frame or page was looked at: {shop}/a.gif' in text


@pytest.mark.parametrize('size', [(1, 1), (2, 5000), (3, 400), (700, 1)])
@pytest.mark.parametrize('options', [(), ('--whole',)])
def test_in_a_thread_of_a_picture_is_no_garment(
    call, tmp_path, capsys, size, options
):
    Image.new('RGB', size).save(tmp_path / 'thin.png')
    found = call('thin.png', *options)
    assert (found['size'], found['garments']) == (list(size), [])
    assert 'no garment found in thin.png' in capsys.readouterr().out


@pytest.mark.parametrize('size', [(5, 400), (300, 4), (90, 60)])
def test_nothing_beside_the_picture_is_visible(call_whole, tmp_path, size):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / 'a.png')
    for row in call_whole('a.png')['landmarks']:
        assert (row['x'] is None) == (row['state'] == 'cut off')
        if row['x'] is not None:
            assert 0 <= row['x'] <= size[0] - 1
            assert 0 <= row['y'] <= size[1] - 1
