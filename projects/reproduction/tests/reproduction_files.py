"""A repository with a stand-in for tools/train.py, and rows to train in it."""

import json
from pathlib import Path

import torch

from projects.reproduction.rows import Row
from projects.reproduction.run import make_runs
from projects.reproduction.scales import Scale

CONFIG = 'configs/tiny.py'
CONFIG_TEXT = """
data_root = '{{$FLD_ROOT:data}}'
model = dict(type='Tiny', stages=[dict(label=dict(T=20)), dict()])
train_cfg = dict(max_epochs=2)
train_dataloader = dict(
    batch_size=8, dataset=dict(type='FLDDataset', data_root=data_root)
)
test_dataloader = dict(
    dataset=dict(type='FLDDataset', data_root=data_root, split='test')
)
test_evaluator = dict(type='NormalizedError')
log_processor = dict(window_size=2)
"""

# What it is called with decides what it does; its journal says in which order
# it was called. A resumed training finds its own last_checkpoint.
TRAIN = """
import json, os, shutil, sys, time
from pathlib import Path

words = sys.argv[1:]
folder = Path(words[words.index('--work-dir') + 1])
options = dict(w.split('=') for w in words[words.index('--cfg-options') + 1:])
with open('journal.txt', 'a') as journal:
    print(folder.name, file=journal)
print('threads', os.environ['OMP_NUM_THREADS'], flush=True)
mode = options.get('mode')
if mode == 'fail':
    sys.exit('the disk is full')
checkpoint = folder / 'epoch_2.pth'
if mode == 'wait' and not (folder / 'last_checkpoint').exists():
    (folder / 'last_checkpoint').write_text(str(checkpoint))
    print('waiting', os.getpid(), flush=True)
    time.sleep(60)
shutil.copy('template.pth', checkpoint)
shutil.copy('template.pth', folder / 'epoch_1.pth')
(folder / 'last_checkpoint').write_text(str(checkpoint))
logs = folder / '20260101_000000' / 'vis_data'
logs.mkdir(parents=True)
(logs / 'scalars.json').write_text(json.dumps(dict(iter=4, time=0.5)))
record = dict(checkpoint=checkpoint.name)
(folder / 'finished.json').write_text(json.dumps(record))
if mode != 'untested':
    (folder / 'results.json').write_text(json.dumps(dict(metrics={})))
"""


def write_root(root: Path) -> Path:
    """Four iterations are in its checkpoints."""
    for folder in ('tools', 'configs', 'data/annotations'):
        (root / folder).mkdir(parents=True)
    (root / 'tools/train.py').write_text(TRAIN)
    (root / CONFIG).write_text(CONFIG_TEXT)
    for split in ('train', 'test'):
        write_json(root / f'data/annotations/fld_all_{split}.json', [split])
    weights = dict(w=torch.ones(1))
    content = dict(meta=dict(iter=4), state_dict=weights)
    torch.save(content, root / 'template.pth')
    return root


def journal(root: Path) -> list:
    """Folders in the order in which they were trained."""
    path = root / 'journal.txt'
    return path.read_text().split() if path.exists() else []


def make_row(name, parent=None, mode=None, **kwargs) -> Row:
    options = kwargs.pop('options', {})
    if mode is not None:
        options = dict(options, mode=mode)
    return Row(
        name, f'row {name}', CONFIG, options=options, parent=parent, **kwargs
    )


def runs_of(root: Path, *rows, seeds=(0,), **kwargs) -> dict:
    """Their runs by folder name, below the root."""
    runs = make_runs(Scale(rows), seeds, root / 'work', **kwargs)
    return {run.name: run for run in runs}


def write_json(path: Path, content) -> None:
    path.write_text(json.dumps(content))


def read_json(path: Path):
    return json.loads(path.read_text())
