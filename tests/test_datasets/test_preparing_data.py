"""What docs/preparing_data.md and docs/data.md say is true: tried."""

import json
import re
from itertools import accumulate
from pathlib import Path

import cv2
import mmpose
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmengine.runner import Runner

from dfa_mm.structures import FLD_SETS, TYPE_SLOTS, Visibility

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / 'docs/preparing_data.md').read_text()
DATA_PAGE = (ROOT / 'docs/data.md').read_text()
SPLITS = ('train', 'val', 'test')


def block(text, heading, language):
    """The first block of code under a heading."""
    _, _, rest = text.partition(f'{heading}\n')
    return re.search(f'```{language}\n(.*?)```', rest, re.DOTALL)[1]


def write_photos(folder, images):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for image in images:
        shape = image['height'], image['width'], 3
        photo = rng.integers(0, 256, shape, np.uint8)
        assert cv2.imwrite(str(folder / image['file_name']), photo)


def prepare(tmp_path, content, config, folder):
    """The files of a page in a place of their own, and its config."""
    for split in SPLITS:
        path = tmp_path / folder / f'{split}.json'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    write_photos(tmp_path / folder / 'photos', content['images'])
    text = config.replace("'./", f"'{ROOT}/configs/").replace(
        f"'{folder}'", repr(str(tmp_path / folder))
    )
    assert str(tmp_path) in text
    (tmp_path / 'mine.py').write_text(text)
    init_default_scope('mmpose')
    cfg = Config.fromfile(tmp_path / 'mine.py')
    cfg.merge_from_dict(
        {
            'work_dir': str(tmp_path / 'work'),
            'log_level': 'WARNING',
            'model.num_stages': 1,
            'model.backbone.init_cfg': None,
            'model.head.fc_channels': (16, 16),
            'model.stages.0.pseudo_label.num_clusters': 1,
            'default_hooks.checkpoint': None,
            'param_scheduler': None,
            'train_cfg.max_epochs': 2,
            'train_dataloader.batch_size': len(content['annotations']),
            'val_dataloader.batch_size': 2,
        }
    )
    for split in SPLITS:
        loader = cfg[f'{split}_dataloader']
        loader.update(num_workers=0, persistent_workers=False)
    return cfg


def train(cfg):
    """Two steps with a validation, and predictions for what was learned."""
    runner = Runner.from_cfg(cfg)
    before = {k: v.clone() for k, v in runner.model.named_parameters()}
    runner.train()
    assert runner.iter == 2
    after = dict(runner.model.named_parameters())
    assert all(torch.isfinite(value).all() for value in after.values())
    assert any(not torch.equal(after[k], before[k]) for k in before)
    dataset = runner.build_dataloader(cfg.test_dataloader).dataset
    runner.model.eval()
    return dataset, runner.model.test_step(
        pseudo_collate([dataset[i] for i in range(len(dataset))])
    )


def test_coco_files_are_enough(tmp_path):
    content = json.loads(block(PAGE, '### The keys', 'json'))
    config = block(DATA_PAGE, '### The same landmarks as FLD', 'python')
    cfg = prepare(tmp_path, content, config, 'data/mine')
    dataset, predicted = train(cfg)
    assert len(dataset) == len(predicted) == 3
    for sample in predicted:
        found = sample.pred_instances.keypoints
        assert found.shape == (1, 8, 2)
        assert np.isfinite(found).all()
        # in pixels of the picture, about where the box is
        x1, y1, x2, y2 = sample.gt_instances.bboxes[0]
        center = found.mean(1)[0]
        assert x1 - 40 < center[0] < x2 + 40
        assert y1 - 40 < center[1] < y2 + 40


def test_example_is_read_as_the_page_says(tmp_path):
    content = json.loads(block(PAGE, '### The keys', 'json'))
    config = block(DATA_PAGE, '### The same landmarks as FLD', 'python')
    cfg = prepare(tmp_path, content, config, 'data/mine')
    runner = Runner.from_cfg(cfg)
    dataset = runner.build_dataloader(cfg.train_dataloader).dataset
    assert dataset.dropped == []
    shirt, trousers, dress = (dataset.get_data_info(i) for i in range(3))
    names = FLD_SETS['all'].landmarks
    states = dict(zip(names, shirt['landmark_visibility'][0]))
    assert states == {
        'left collar': Visibility.VISIBLE,
        'right collar': Visibility.VISIBLE,
        'left sleeve': Visibility.OCCLUDED,
        'right sleeve': Visibility.VISIBLE,
        'left waistline': Visibility.ABSENT,
        'right waistline': Visibility.ABSENT,
        'left hem': Visibility.VISIBLE,
        'right hem': Visibility.TRUNCATED,
    }
    for info, kind in ((trousers, 2), (dress, 3)):
        absent = info['landmark_visibility'][0] == Visibility.ABSENT
        assert tuple(np.flatnonzero(~absent)) == TYPE_SLOTS[kind]
        assert info['clothes_type'] == kind
    # x, y, width, height
    np.testing.assert_allclose(dress['bbox'], [[110, 10, 190, 140]])


def test_landmarks_of_ones_own_are_enough(tmp_path):
    heading = '### Other landmarks'
    content = json.loads(block(DATA_PAGE, heading, 'json'))
    config = block(DATA_PAGE, heading, 'python')
    cfg = prepare(tmp_path, content, config, 'data/gloves')
    dataset, predicted = train(cfg)
    assert dataset.metainfo['flip_indices'] == [1, 0, 2, 3]
    assert predicted[0].pred_instances.keypoints.shape == (1, 4, 2)


@pytest.fixture(scope='module')
def categories():
    """MMPose's DeepFashion2: counts and mirror pairs by category, from 1."""
    path = Path(mmpose.__file__).parent / '.mim/configs/_base_/datasets'
    info = Config.fromfile(path / 'deepfashion2.py').dataset_info
    found = {}
    for i in sorted(info.keypoint_info):
        landmark = info.keypoint_info[i]
        category, _, number = landmark.name.partition('_kpt')
        swap = landmark.swap.partition('_kpt')[2]
        found.setdefault(category, {})[int(number)] = int(swap or number)
    return found


def rows():
    table = PAGE.partition('### DeepFashion2')[2].partition('### Fash')[0]
    lines = re.findall(r'^ +\| ([a-z ]+) \| (\d+) \| (.*)\|$', table, re.M)
    return {
        name: (int(count), re.findall(r'(\d+), (\d+)', rest))
        for name, count, rest in lines
    }


# as MMPose abbreviates them, in the set's order of categories
CATEGORIES = {
    'sss': 'short sleeve top',
    'lss': 'long sleeve top',
    'sso': 'short sleeve outwear',
    'lso': 'long sleeve outwear',
    'vest': 'vest',
    'sling': 'sling',
    'shorts': 'shorts',
    'trousers': 'trousers',
    'skirt': 'skirt',
    'ssd': 'short sleeve dress',
    'lsd': 'long sleeve dress',
    'vd': 'vest dress',
    'sd': 'sling dress',
}


def test_landmarks_of_deepfashion2_are_counted(categories):
    assert list(categories) == list(CATEGORIES)
    counts = {CATEGORIES[k]: len(v) for k, v in categories.items()}
    assert counts == {name: count for name, (count, _) in rows().items()}
    assert list(accumulate(counts.values()))[-1] == 294
    assert (min(counts.values()), max(counts.values())) == (8, 39)


@pytest.mark.parametrize('category', CATEGORIES)
def test_pairs_of_deepfashion2_mirror_each_other(categories, category):
    _, pairs = rows()[CATEGORIES[category]]
    for left, right in pairs:
        assert categories[category][int(left)] == int(right)


def test_links_lead_somewhere():
    headings = re.findall(r'^#+ (.*)$', DATA_PAGE, re.M)
    anchors = {re.sub(r'[^a-z0-9 ]', '', h.lower()) for h in headings}
    anchors = {anchor.replace(' ', '-') for anchor in anchors}
    found = re.findall(r'\(data\.md#([a-z0-9-]+)\)', PAGE)
    assert found
    assert set(found) <= anchors
