import json

import cv2
import numpy as np
import pytest
from demo_files import load_script, read_video
from mmpose.apis import inference_topdown, init_model

from dfa_mm.structures import FLD_SETS

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
        extra = ['--device', 'cpu', '--json', 'found.json', *options]
        assert demo.main([*command, *extra]) == 0
        return json.loads((tmp_path / 'found.json').read_text())

    return run


def refusal(capsys, *command):
    assert demo.main([*map(str, command)]) == 1
    return capsys.readouterr().err


def positions(content):
    """(frames, landmarks, 2); those that are cut off are NaN."""
    return np.array(
        [
            [[row['x'], row['y']] for row in frame['landmarks']]
            for frame in content['frames']
        ],
        dtype=float,
    )


def test_every_frame_as_a_picture(call, cascade, clip, tmp_path, capsys):
    found = call()
    model = init_model(cascade.config, cascade.checkpoint, device='cpu')
    frames, _ = read_video(clip)
    assert len(frames) == len(found['frames']) == COUNT
    for i, frame in enumerate(frames):
        pred = inference_topdown(model, frame)[0].pred_instances
        mine, known = positions(found)[i], found['frames'][i]
        placed = np.isfinite(mine[:, 0])
        np.testing.assert_allclose(
            mine[placed], pred.keypoints[0][placed], atol=1e-3
        )
        assert known['frame'] == i
        assert known['branch'] == ('easy', 'hard')[pred.branch[0]]
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

    assert unrest(call('--smooth')) < 0.5 * unrest(call())


def test_options(call, tmp_path):
    found = call(
        *('--max-frames', '2', '--output', 'new/a.mp4', '--stages'),
        *('--box', '5', '5', '90', '120', '--clothes-type', 'upper'),
        '--smooth',
    )
    assert found['box'] == [5, 5, 90, 120]
    for frame in found['frames']:
        names = [row['name'] for row in frame['landmarks']]
        assert names == list(FLD_SETS['upper'].landmarks)
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
    assert 'is the video itself' in message
    message = refusal(capsys, clip, *model, '--output', 'a.gif')
    assert 'a.gif names no video' in message
    message = refusal(capsys, clip, *model, '--max-frames', '0')
    assert '--max-frames is 0' in message
    box = '500', '0', '600', '9'
    message = refusal(
        capsys, clip, *model, '--output', tmp_path / 'a.mp4', '--box', *box
    )
    assert 'covers nothing of the picture' in message


def test_a_video_that_tells_no_speed(call, monkeypatch, capsys):
    monkeypatch.setattr('mmcv.VideoReader.fps', 0.0)
    assert call('--max-frames', '1')['fps'] == 25
    assert 'clip.mp4 tells no speed' in capsys.readouterr().out


def test_frames_that_cannot_be_read_are_told(call, clip, monkeypatch, capsys):
    read = demo.open_video

    def shorter(path):
        video = read(path)
        monkeypatch.setattr(type(video), 'frame_cnt', COUNT + 3)
        return video

    monkeypatch.setattr(demo, 'open_video', shorter)
    assert len(call()['frames']) == COUNT
    assert f'only {COUNT} of {COUNT + 3} frames' in capsys.readouterr().out
