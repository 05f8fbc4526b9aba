import csv
import json

import cv2
import numpy as np
import pytest
from demo_files import load_script, read_video
from mmpose.apis import inference_topdown, init_model

from dfa_mm.structures import FLD_SETS
from projects.commands import video
from projects.commands.garments import Garments

demo = load_script('demo/video_demo.py')
COUNT = 6


@pytest.fixture(scope='session')
def clip(tmp_path_factory, fld_root):
    """A garment that trembles by a few pixels, 96 x 124 at 12 frames/s."""
    image = cv2.imread(str(fld_root / 'img/img_00000002.jpg'))
    path = tmp_path_factory.mktemp('clip') / 'clip.mp4'
    code = cv2.VideoWriter_fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), code, 12, (96, 124))
    for i in range(COUNT):
        left = 4 * (i % 2)
        writer.write(np.ascontiguousarray(image[:124, left : left + 96]))
    writer.release()
    return path


@pytest.fixture
def call(cascade, clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*options):
        command = [str(clip), cascade.config, cascade.checkpoint]
        extra = [
            '--device',
            'cpu',
            '--json',
            'found.json',
            *options,
            '--overwrite',
        ]
        assert demo.main([*command, *extra]) == 0
        return json.loads((tmp_path / 'found.json').read_text())

    return run


@pytest.fixture
def seen(monkeypatch):
    """What the detector sees, frame by frame: (box, type, score) each."""
    frames = []

    def find(image, detector):
        found = frames.pop(0)
        boxes, types, scores = zip(*found) if found else ((), (), ())
        boxes = np.array(boxes, np.float32).reshape(-1, 4)
        return Garments(boxes, list(types), np.array(scores))

    monkeypatch.setattr('projects.commands.garments.find_garments', find)
    return frames


def refusal(capsys, *command):
    try:
        status = demo.main([*map(str, command)])
    except SystemExit as ended:  # of the arguments
        status = ended.code
    assert status == 2
    return capsys.readouterr().err


def positions(content):
    """(frames, landmarks, 2) of one garment; where cut off they are NaN."""
    return np.array(
        [
            [[row['x'], row['y']] for row in garment['landmarks']]
            for frame in content['frames']
            for garment in frame['garments']
        ],
        dtype=float,
    )


TOP, SKIRT = [10, 5, 80, 60], [12, 50, 88, 120]
UPPER, LOWER = (list(FLD_SETS[s].landmarks) for s in ('upper', 'lower'))


def test_garments_keep_their_numbers(call, seen, tmp_path, capsys):
    """The top is there from the second frame on, the skirt misses one."""
    for i in range(COUNT):
        top = (np.add(TOP, [i, 0, i, 0]), 'upper', 0.9 - i / 10)
        skirt = (SKIRT, 'lower', 0.6)
        seen.append([g for g, n in ((top, 0), (skirt, 3)) if i != n])
    found = call('--csv', 'found.csv', '--smooth')
    tracks = [
        {one['track']: one['type'] for one in frame['garments']}
        for frame in found['frames']
    ]
    both = {1: 'lower', 2: 'upper'}
    assert tracks == [{1: 'lower'}, both, both, {2: 'upper'}, both, both]
    assert 'lower 1 in 5, upper 2 in 5' in capsys.readouterr().out
    assert found['schema'] == 1
    assert found['size'] == [96, 124]
    assert found['frames'][3]['seconds'] == 3 / 12
    (top,) = found['frames'][3]['garments']
    assert top['score'] == pytest.approx(0.6)
    assert [row['name'] for row in top['landmarks']] == UPPER
    with (tmp_path / 'found.csv').open(newline='') as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 5 * len(UPPER) + 5 * len(LOWER)
    rows = [r for r in rows if r['frame'] == '3']
    assert [row['landmark'] for row in rows] == UPPER
    for row, landmark in zip(rows, top['landmarks']):
        assert (row['track'], row['type']) == ('2', 'upper')
        assert float(row['seconds']) == 0.25
        box = [float(row[side]) for side in ('x1', 'y1', 'x2', 'y2')]
        assert box == top['box']
        for key in ('x', 'y', 'probability'):
            told = float(row[key]) if row[key] else None
            assert told == landmark[key]


def test_a_video_without_clothes(call, seen, capsys):
    seen.extend([[]] * COUNT)
    found = call()
    assert [frame['garments'] for frame in found['frames']] == [[]] * COUNT
    assert 'no garment found in clip.mp4' in capsys.readouterr().out


def test_every_second_frame_is_detected(call, seen):
    seen.extend([[(TOP, 'upper', 0.9)]] * 3)  # a fourth would be an error
    found = call('--detect-every', '2')
    for frame in found['frames']:
        assert [one['track'] for one in frame['garments']] == [1]


def test_every_frame_as_a_picture(call, cascade, clip, tmp_path, capsys):
    found = call('--whole')
    model = init_model(cascade.config, cascade.checkpoint, device='cpu')
    frames, _ = read_video(clip)
    assert len(frames) == len(found['frames']) == COUNT
    for i, frame in enumerate(frames):
        pred = inference_topdown(model, frame)[0].pred_instances
        mine, known = positions(found)[i], found['frames'][i]
        (garment,) = known['garments']
        placed = np.isfinite(mine[:, 0])
        np.testing.assert_allclose(
            mine[placed], pred.keypoints[0][placed], atol=1e-3
        )
        assert known['frame'] == i
        assert garment['track'] == 1
        assert garment['box'] == [0, 0, 96, 124]
        assert garment['branch'] == ('easy', 'hard')[pred.branch[0]]
    assert found['fps'] == 12
    drawn, fps = read_video(tmp_path / 'clip_landmarks.mp4')
    assert fps == 12
    assert len(drawn) == COUNT
    # small frames are drawn enlarged, to a long side of 384 pixels
    assert drawn[0].shape == (384, 298, 3)  # 297, made even
    text = capsys.readouterr().out
    assert f'{COUNT} frames in' in text
    assert 'frames/s' in text


def test_smoothing_calms_the_landmarks(call):
    def unrest(content):
        steps = np.diff(positions(content), axis=0)[2:]
        return np.nanmean(np.abs(steps))

    calm = unrest(call('--whole', '--smooth'))
    assert calm < 0.5 * unrest(call('--whole'))


def test_options(call, tmp_path):
    found = call(
        *('--max-frames', '2', '--output', 'new/a.mp4', '--stages'),
        *('--box', '5', '5', '90', '120', '--clothes-type', 'upper'),
        '--smooth',
    )
    for frame in found['frames']:
        (garment,) = frame['garments']
        assert garment['box'] == [5, 5, 90, 120]
        assert [row['name'] for row in garment['landmarks']] == UPPER
    drawn, _ = read_video(tmp_path / 'new/a.mp4')
    assert len(drawn) == 2
    assert drawn[0].shape[1] > 3 * 300  # three panels


def test_refuses_what_it_cannot_do(capsys, cascade, clip, tmp_path):
    model = cascade.config, cascade.checkpoint
    assert 'no video no.mp4' in refusal(capsys, 'no.mp4', *model)
    text = tmp_path / 'text.mp4'
    text.write_text('no video')
    assert 'cannot be read as a video' in refusal(capsys, text, *model)
    message = refusal(capsys, clip, *model, '--output', clip)
    assert 'would replace the input' in message
    message = refusal(capsys, clip, *model, '--output', 'a.gif')
    assert 'a.gif names no video' in message
    message = refusal(capsys, clip, *model, '--max-frames', '0')
    assert '--max-frames is 0' in message
    message = refusal(capsys, clip, *model, '--detect-every', '0')
    assert '--detect-every is 0' in message
    box = '500', '0', '600', '9'
    message = refusal(
        capsys, clip, *model, '--output', tmp_path / 'a.mp4', '--box', *box
    )
    assert 'covers nothing of the picture' in message


def test_a_video_that_tells_no_speed(call, monkeypatch, capsys):
    monkeypatch.setattr('mmcv.VideoReader.fps', 0.0)
    assert call('--whole', '--max-frames', '1')['fps'] == 25
    assert 'clip.mp4 tells no speed' in capsys.readouterr().out


def test_frames_that_cannot_be_read_are_told(call, clip, monkeypatch, capsys):
    read = video.open_video

    def shorter(path):
        film = read(path)
        monkeypatch.setattr(type(film), 'frame_cnt', COUNT + 3)
        return film

    monkeypatch.setattr(video, 'open_video', shorter)
    assert len(call('--whole')['frames']) == COUNT
    assert f'only {COUNT} of {COUNT + 3} frames' in capsys.readouterr().out
