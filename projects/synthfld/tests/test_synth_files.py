"""The folder that is written, read back by hand."""

import hashlib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_fld import write_drawn_fld

from projects.synthfld import render_sample, write, write_synth_fld
from projects.synthfld.plan import plan, quotas

REPO = Path(__file__).parents[3]
TOOL = str(REPO / 'tools/dataset_converters/synth_fld.py')

NUM, SEED, SIZE = 40, 5, 128
LANDMARKS = {'1': 6, '2': 4, '3': 8}


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp('synth') / 'fld'
    write_synth_fld(out, NUM, SEED, SIZE, jobs=1)
    return out


def _rows(path):
    lines = path.read_text().splitlines()
    assert int(lines[0]) == len(lines) - 2 == NUM
    return lines[1].split(), lines[2:]


def test_landmark_list(folder):
    columns, rows = _rows(folder / 'Anno/list_landmarks.txt')
    assert columns[:4] == [
        'image_name', 'clothes_type', 'variation_type',
        'landmark_visibility_1',
    ]  # fmt: skip
    assert columns[-1] == 'landmark_location_y_8'
    assert len(columns) == 3 + 3 * 8
    point = r'(?:  [01] \d{3} \d{3}|  2 000 000)'
    row = re.compile(rf'img/img_(\d{{8}})\.jpg  ([123])  ([1-5])({point}+)')
    for number, line in enumerate(rows, start=1):
        match = row.fullmatch(line)
        assert match, line
        assert int(match[1]) == number
        assert len(match[4].split()) == 3 * LANDMARKS[match[2]]


def test_box_list_fits_the_pictures(folder):
    columns, rows = _rows(folder / 'Anno/list_bbox.txt')
    assert columns == ['image_name', 'x_1', 'y_1', 'x_2', 'y_2']
    for line in rows:
        assert re.fullmatch(
            r'img/img_\d{8}\.jpg  \d{3} \d{3} \d{3} \d{3}', line
        )
        name, *box = line.split()
        x1, y1, x2, y2 = map(int, box)
        height, width = cv2.imread(str(folder / name)).shape[:2]
        assert max(height, width) == SIZE
        assert 0 <= x1 < x2 < width
        assert 0 <= y1 < y2 < height


def test_joint_list(folder):
    columns, rows = _rows(folder / 'Anno/list_joints.txt')
    assert columns[3:6] == [
        'joint_visibility_1', 'joint_location_x_1', 'joint_location_y_1',
    ]  # fmt: skip
    assert len(columns) == 3 + 3 * 14
    point = r'  [01] \d{3} \d{3}'
    for line in rows:
        assert re.fullmatch(
            rf'img/img_\d{{8}}\.jpg  [123]  [1-5](?:{point}){{14}}', line
        )


def test_split_list(folder):
    columns, rows = _rows(folder / 'Eval/list_eval_partition.txt')
    assert columns == ['image_name', 'evaluation_status']
    counts = Counter(line.split('  ')[1] for line in rows)
    assert counts == dict(train=32, val=4, test=4)


def test_bytes_depend_on_the_seed_and_not_on_the_jobs(folder, tmp_path):
    def contents(out):
        files = sorted(x for x in out.rglob('*') if x.is_file())
        return {x.relative_to(out): x.read_bytes() for x in files}

    write_synth_fld(tmp_path / 'two', NUM, SEED, SIZE, jobs=2)
    write_synth_fld(tmp_path / 'other', NUM, SEED + 1, SIZE, jobs=1)
    expected = contents(folder)
    # 40 pictures, 4 lists, the contact sheet and the marker.
    assert len(expected) == 46
    assert contents(tmp_path / 'two') == expected
    other = contents(tmp_path / 'other')
    assert other.keys() == expected.keys()
    assert not {n for n in expected if other[n] == expected[n]}


def draw(out, *more):
    """The command as `make train` calls it."""
    return subprocess.run(
        [
            *(sys.executable, '-W', 'ignore', TOOL, str(out), '--num', '3'),
            *('--size', '96', '--jobs', '1', *more),
        ],
        capture_output=True,
        text=True,
    )


def test_a_folder_of_ones_own_in_flds_layout_is_not_touched(tmp_path):
    root = write_drawn_fld(tmp_path / 'mine', 6)
    before = {p: p.read_bytes() for p in root.rglob('*') if p.is_file()}
    done = draw(root, '--overwrite')
    assert done.returncode == 2
    assert done.stdout == ''
    (line,) = done.stderr.splitlines()
    assert line.startswith(f'error: {root} holds Anno, Eval, img, which')
    after = {p: p.read_bytes() for p in root.rglob('*') if p.is_file()}
    assert after == before


def test_the_marker_allows_to_draw_again(tmp_path):
    out = tmp_path / 'synth'
    write_synth_fld(out, 4, size=96, jobs=1)
    for name in ('note.txt', 'img/mine.jpg'):
        (out / name).write_text('mine')
    with pytest.raises(FileExistsError, match='--overwrite'):
        write_synth_fld(out, 3, size=96, jobs=1)
    write_synth_fld(out, 3, size=96, jobs=1, overwrite=True)
    assert (out / 'note.txt').read_text() == 'mine'
    assert sorted(path.name for path in (out / 'img').iterdir()) == [
        *(f'img_{i:08d}.jpg' for i in (1, 2, 3)), 'mine.jpg',
    ]  # fmt: skip


def test_an_interrupted_drawing_is_known_and_drawn_again(
    tmp_path, monkeypatch
):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(write, 'contact_sheet', stop)
    with pytest.raises(KeyboardInterrupt):
        write_synth_fld(tmp_path / 'out', 3, size=96, jobs=1)
    monkeypatch.undo()
    with pytest.raises(FileExistsError, match='3 of 8 files.*interrupted'):
        write_synth_fld(tmp_path / 'out', 3, size=96, jobs=1)
    write_synth_fld(tmp_path / 'out', 3, size=96, jobs=1, overwrite=True)
    assert (tmp_path / 'out/Eval/list_eval_partition.txt').is_file()


def test_make_does_not_draw_over_what_is_there(tmp_path):
    """It converts a complete set, whoever made it, and draws a missing one."""

    def plan_of(root):
        wanted = f'{root}/annotations/fld_all_test.json'
        command = ['make', '-n', wanted, f'SYNTHFLD_ROOT={root}']
        return subprocess.run(
            command, cwd=REPO, capture_output=True, text=True, check=True
        ).stdout

    assert 'synth_fld.py' in plan_of(tmp_path / 'new')
    mine = write_drawn_fld(tmp_path / 'mine', 6)
    assert 'synth_fld.py' not in plan_of(mine)
    assert 'fld2coco.py' in plan_of(mine)


def test_labels_are_the_published_ones():
    """Training on SynthFLD gives the published numbers only with these.

    Positions to 0.01 px, which no rounding of a platform moves.
    """
    digest = hashlib.sha256()
    for index, planned in enumerate(plan(12, 0), start=1):
        rng = np.random.default_rng([0, index])
        sample = render_sample(rng, 96, *planned[:2])
        for values in (sample.landmarks, sample.visibility, sample.bbox,
                       sample.joints, sample.joint_visibility):  # fmt: skip
            digest.update(np.round(values, 2).tolist().__repr__().encode())
    assert digest.hexdigest()[:16] == '584a410415df56ca'


def test_quotas_by_hand():
    # 10 * 43.4, 34.1, 22.5 % = 4.34, 3.41, 2.25: the rest goes to .41
    assert quotas({1: 43.4, 2: 34.1, 3: 22.5}, 10) == {1: 4, 2: 4, 3: 2}


@pytest.mark.parametrize('num', [30, 37, 100, 1000])
def test_plan_has_every_type_in_every_split(num):
    rows = plan(num, 1)
    splits = Counter(row[2] for row in rows)
    assert sum(splits.values()) == num
    assert abs(splits['val'] - num / 10) <= 1
    assert abs(splits['test'] - num / 10) <= 1
    assert len({(row[0], row[2]) for row in rows}) == 9


def test_plan_has_the_papers_shares():
    rows = np.array([row[:2] for row in plan(1000, 2)])
    types = np.bincount(rows[:, 0], minlength=4)[1:] / 10
    variations = np.bincount(rows[:, 1], minlength=6)[1:] / 10
    np.testing.assert_allclose(types, [43.4, 34.1, 22.5], atol=0.1)
    np.testing.assert_allclose(
        variations, [38.1, 25.1, 17.5, 7.6, 11.7], atol=0.3
    )
    val = [row for row in plan(1000, 2) if row[2] == 'val']
    assert abs(sum(row[0] == 1 for row in val) - 43.4) < 2
