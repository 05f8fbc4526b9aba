"""Splits by sender, on lists of a few lines."""

from pathlib import Path

import pytest
from demo_files import load_script

from dfa_mm.datasets.fld_coco import convert
from projects.photos.senders import (
    held_out_senders,
    read_senders,
    read_splits,
    train_images,
)

LABELS = Path(__file__).parents[1] / 'labels'


def write_set(root, rows):
    """Rows of (split, sender); a picture each, as text."""
    landmarks, boxes, splits = ([], [], [])
    senders = ['image\tsender\tclass']
    (root / 'img').mkdir(parents=True)
    for number, (split, sender) in enumerate(rows, 1):
        name = f'img/{number}.jpg'
        (root / name).write_text(f'{root.name} {number}')
        landmarks.append(f'{name} 2 1 0 10 10 0 50 10 0 10 90 0 50 9{number}')
        boxes.append(f'{name} 10 10 50 9{number}')
        splits.append(f'{name} {split}')
        senders.append(f'{name}\t{sender}\tPants')
    for name, lines in {
        'Anno/list_landmarks.txt': landmarks,
        'Anno/list_bbox.txt': boxes,
        'Eval/list_eval_partition.txt': splits,
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        lines = [str(len(lines)), 'image_name more', *lines]
        (root / name).write_text('\n'.join(lines) + '\n')
    (root / 'SENDERS.tsv').write_text('\n'.join(senders) + '\n')
    return root


@pytest.fixture
def sets(tmp_path):
    first = [('train', 7), ('train', 8), ('val', 7), ('test', 9)]
    more = [('train', 5), ('val', 7), ('test', 6)]
    return write_set(tmp_path / 'a', first), write_set(tmp_path / 'b', more)


def test_who_is_held_out(sets):
    first, more = sets
    assert held_out_senders(more) == {'6', '7'}
    assert train_images(first) == ['img/1.jpg', 'img/2.jpg']
    assert train_images(first, {'6', '7'}) == ['img/2.jpg']


def test_the_set_written(sets, tmp_path, capsys):
    tool = load_script('projects/photos/hold_out_senders.py')
    out = tmp_path / 'out'
    arguments = [*map(str, sets), str(out)]
    assert tool.main(arguments) == 0
    printed = capsys.readouterr().out
    assert '2 train, 1 val, 1 test; left out of training: 1' in printed
    # sender 7's training picture is not there, nor who is held out of b
    assert read_splits(out) == {
        'img/first/2.jpg': 'train',
        'img/first/3.jpg': 'val',
        'img/first/4.jpg': 'test',
        'img/more/1.jpg': 'train',
    }
    assert read_senders(out)['img/more/1.jpg'] == '5'
    for image, text in (('first/4.jpg', 'a 4'), ('more/1.jpg', 'b 1')):
        assert (out / 'img' / image).read_text() == text
    boxes = (out / 'Anno/list_bbox.txt').read_text().splitlines()
    assert boxes[0] == '4'
    assert boxes[2] == 'img/first/2.jpg 10 10 50 92'
    conversion = convert(out, tmp_path / 'coco', check_images=False)
    assert conversion.partition_counts == dict(train=2, val=1, test=1)
    assert tool.main(arguments) == 0  # its own files are replaced


def test_what_is_missing_or_in_the_way(sets, tmp_path, capsys):
    tool = load_script('projects/photos/hold_out_senders.py')
    arguments = [*map(str, sets), str(tmp_path / 'out')]
    (sets[0] / 'SENDERS.tsv').unlink()
    assert tool.main(arguments) == 1
    assert 'SENDERS.tsv' in capsys.readouterr().err
    assert not (tmp_path / 'out').exists()
    write_set(sets[0] / 'again', [('train', 1)])
    arguments[0], arguments[2] = str(sets[0] / 'again'), str(sets[1])
    assert tool.main(arguments) == 2
    assert 'did not write' in capsys.readouterr().err


def test_the_projects_own_senders():
    first, more = LABELS / 'flatlay', LABELS / 'flatlay2'
    for root in (first, more):
        assert read_senders(root).keys() == read_splits(root).keys()
    held_out = held_out_senders(more)
    training = train_images(more)
    senders = read_senders(more)
    assert held_out.isdisjoint(senders[image] for image in training)
    assert len(train_images(first)) - len(train_images(first, held_out)) == 215
    assert len(train_images(first, held_out)) + len(training) == 976
