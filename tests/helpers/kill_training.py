"""Kills trainings at random moments and compares how they end.

    python tests/helpers/kill_training.py --kills 48

Every kind of training, by epochs and by iterations, with and without workers
that read, is first trained without interruption. Then the same command is
called and its process killed (SIGKILL), again and again, at random moments
and while it clusters, validates, writes a checkpoint or records that a stage
is finished, until it comes to its end. All that a checkpoint holds must be
the same, bit by bit.

The processes are forked from this one, which has imported everything: one
costs a second, and not twenty.
"""

import argparse
import gc
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import cv2  # noqa: E402
import mmengine.config.config as config  # noqa: E402
import mmengine.runner.runner as runner  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from drawn_fld import write_drawn_fld  # noqa: E402
from mmengine.config import Config  # noqa: E402
from tiny_cascade import cascade_config  # noqa: E402

import dfa_mm.engine.hooks.pseudo_label_hook as clustering  # noqa: E402
import dfa_mm.engine.training as training  # noqa: E402
from dfa_mm.datasets.fld_coco import convert  # noqa: E402
from dfa_mm.models.pseudo_labels import PseudoLabel  # noqa: E402
from projects.commands import errors, run_alone  # noqa: E402, F401
from projects.commands import train as command  # noqa: E402, F401

CROP = 16
STAGES = 3
# what a training tells the process that kills it
EVENTS = {
    b'c': 'clustering',
    b'w': 'writing a checkpoint',
    b'v': 'validating',
    b'f': 'marking a stage as finished',
}
# so slowly does the child write, in how many parts, that a kill comes between
PARTS, PAUSE = 8, 0.01


class Kind(NamedTuple):
    by_epoch: bool
    workers: int
    persistent: bool

    def __str__(self) -> str:
        loop = 'epochs' if self.by_epoch else 'iterations'
        kept = ', kept' if self.persistent else ''
        return f'by {loop}, {self.workers} workers{kept}'


KINDS = (
    Kind(True, 0, False),
    Kind(True, 2, True),
    Kind(False, 0, False),
    Kind(False, 2, False),
)


def write_data(root: Path, num: int = 34) -> None:
    write_drawn_fld(root, num, size=64)
    convert(root, root / 'annotations')


def write_config(path: Path, root: Path, kind: Kind) -> None:
    """Everything that has a state of its own, in a tiny cascade."""
    codec = dict(type='LandmarkLabel', input_size=(CROP, CROP))
    first = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale', padding=1.2),
    ]
    last = [
        dict(type='TopdownAffine', input_size=(CROP, CROP)),
        dict(type='GenerateTarget', encoder=codec),
        dict(type='PackLandmarkInputs'),
    ]
    drawn = [
        dict(type='LandmarkRandomFlip', direction='horizontal', prob=0.5),
        dict(type='RandomBBoxTransform', rotate_prob=0.5),
        dict(type='RandomOcclusion', prob=0.5),
        dict(type='PhotometricDistortion'),
    ]
    model = cascade_config(
        STAGES, 3, data_preprocessor=dict(type='PoseDataPreprocessor')
    )
    model['head']['dropout'] = 0.3

    def loader(split, pipeline, **more):
        return dict(
            batch_size=4,
            num_workers=kind.workers,
            persistent_workers=kind.persistent,
            dataset=dict(
                type='FLDDataset',
                data_root=str(root),
                subset='lower',
                split=split,
                pipeline=pipeline,
                test_mode=split != 'train',
            ),
            **more,
        )

    order = dict(type='DefaultSampler', shuffle=False)
    test = loader('test', first + last, sampler=order)
    if kind.by_epoch:
        train_cfg = dict(by_epoch=True, max_epochs=4, val_interval=2)
        sampler = dict(type='DefaultSampler', shuffle=True)
    else:
        train_cfg = dict(by_epoch=False, max_iters=9, val_interval=4)
        sampler = dict(type='InfiniteSampler', shuffle=True)
    Config(
        dict(
            default_scope='mmpose',
            custom_imports=dict(imports=['dfa_mm', 'tiny_cascade']),
            model=model,
            train_dataloader=loader(
                'train', first + drawn + last, sampler=sampler
            ),
            val_dataloader=dict(test),
            test_dataloader=dict(test),
            val_cfg=dict(),
            test_cfg=dict(),
            val_evaluator=[dict(type='NormalizedError')],
            test_evaluator=[dict(type='NormalizedError')],
            train_cfg=train_cfg,
            # steps once in two batches
            optim_wrapper=dict(
                optimizer=dict(type='AdamW', lr=0.01),
                clip_grad=dict(max_norm=5.0),
                accumulative_counts=2,
            ),
            param_scheduler=[
                dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=5),
                dict(
                    type='MultiStepLR',
                    milestones=[2 if kind.by_epoch else 5],
                    by_epoch=kind.by_epoch,
                ),
            ],
            custom_hooks=[
                dict(type='PseudoLabelHook', start_from_previous=True),
                dict(type='AuxiliaryWeightHook', t1=2, t2=6),
                dict(type='EMAHook', momentum=0.1),
            ],
            # in the middle of epochs and of what an optimizer sums up
            default_hooks=dict(
                checkpoint=dict(
                    type='CheckpointHook',
                    by_epoch=False,
                    interval=3,
                    max_keep_ckpts=1,
                ),
                logger=dict(type='LoggerHook', interval=3),
            ),
            env_cfg=dict(
                mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
            ),
            randomness=dict(seed=0),
        )
    ).dump(path)


class Training(NamedTuple):
    """``dfa train CONFIG --work-dir FOLDER`` in processes of its own."""

    config: Path
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder.with_suffix('.txt')

    def start(self) -> tuple:
        """Process and the end of a pipe from which its events come."""
        events, write = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(events)
            self._run(write)
        os.close(write)
        return process, events

    def _run(self, write: int) -> None:
        """In the child; never returns."""
        code = 1
        try:
            with self.log.open('ab', 0) as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            # or the pipe would stay open for as long as the workers live
            os.register_at_fork(after_in_child=lambda: os.close(write))
            _announce(write)
            code = run_alone(
                'train',
                [
                    *(str(self.config), '--work-dir'),
                    str(self.folder / 'stage3'),
                ],
            )
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)


def _announce(write: int) -> None:
    """Tell of events, and write slowly."""

    def told(function, event):
        def run(*args, **kwargs):
            os.write(write, event)
            return function(*args, **kwargs)

        return run

    def write_bytes(path, data):
        os.write(write, b'w')
        with path.open('wb') as file:
            for part in np.array_split(np.frombuffer(data, np.uint8), PARTS):
                file.write(part.tobytes())
                file.flush()
                time.sleep(PAUSE)

    Path.write_bytes = write_bytes
    clustering.look_at_training_set = told(
        clustering.look_at_training_set, b'c'
    )
    PseudoLabel.fit = told(PseudoLabel.fit, b'c')
    training.mark_finished = told(training.mark_finished, b'f')
    loop = training.StageRunner.build_val_loop

    def build_val_loop(*args):
        built = loop(*args)
        built.run = told(built.run, b'v')
        return built

    training.StageRunner.build_val_loop = build_val_loop
    # asking for compilers and formatting configs takes most of a start
    runner.collect_env = dict
    config.FormatCode = lambda text, **style: (text, True)


def finish(started: tuple) -> int:
    """Wait for a training; its exit status."""
    process, events = started
    while os.read(events, 1024):
        pass
    os.close(events)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def kill(started: tuple, rng: random.Random, expected: float) -> Optional[str]:
    """Kill a training at a random moment; which, ``None`` if it ended."""
    process, events = started
    wanted = rng.choice([None, None, None, *EVENTS])
    nth = rng.randint(1, 6)
    deadline = time.monotonic() + rng.uniform(0, expected)
    if wanted is not None:
        deadline += 2 * expected
    latest = b''
    while time.monotonic() < deadline:
        wait = max(deadline - time.monotonic(), 0)
        if not select.select([events], [], [], wait)[0]:
            break
        latest = os.read(events, 1)
        if not latest:
            break
        nth -= latest == wanted
        if latest == wanted and nth <= 0:
            time.sleep(rng.uniform(0, PARTS * PAUSE))
            break
    children = _children(process)
    os.kill(process, signal.SIGKILL)
    for child in children:
        _end(child)
    os.close(events)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code != -signal.SIGKILL:
        return None
    return EVENTS[latest] if latest == wanted else 'anywhere'


def _children(process: int) -> List[int]:
    """The workers of a training."""
    tasks = Path(f'/proc/{process}/task').glob('*/children')
    try:
        return [int(n) for task in tasks for n in task.read_text().split()]
    except OSError:
        return []


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def final_states(folder: Path) -> Iterator[tuple]:
    """Name and content of all that the finished stages have left."""
    for stage in range(1, STAGES + 1):
        stage_folder = folder / f'stage{stage}'
        record = (stage_folder / 'finished.json').read_text()
        yield f'stage {stage}, finished.json', record
        found = sorted(path.name for path in stage_folder.glob('*.pth'))
        yield f'stage {stage}, checkpoints', found
        yield (
            f'stage {stage}, files that do not belong there',
            sorted(path.name for path in stage_folder.glob('.*')),
        )
        checkpoint = stage_folder / json.loads(record)['checkpoint']
        content = torch.load(checkpoint, weights_only=True)
        for part, value in content.items():
            # what was logged holds times; the meta data a date
            if part not in ('message_hub', 'meta'):
                yield f'stage {stage}, {part}', value
        yield (
            f'stage {stage}, meta',
            [content['meta'][key] for key in ('epoch', 'iter', 'identity')],
        )


def same(a, b) -> bool:
    """Bit by bit, NaN being NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(
            a.contiguous().view(-1).view(torch.uint8),
            b.contiguous().view(-1).view(torch.uint8),
        )
    return a == b


def differences(one: Path, other: Path) -> List[str]:
    ours, theirs = dict(final_states(one)), dict(final_states(other))
    return [
        name
        for name in {**ours, **theirs}
        if not same(ours.get(name), theirs.get(name))
    ]


class Result(NamedTuple):
    """Kills by moment, trainings, and what ended differently."""

    kills: Dict[str, int]
    trainings: int
    different: List[str]


def try_kind(
    kind: Kind, kills: int, base: Path, rng: random.Random, most: int = 8
) -> Result:
    """Kill trainings of a kind so often; ``most`` is of one training."""
    name = f'{kind.by_epoch}-{kind.workers}'
    path = base / f'{name}.py'
    write_config(path, base / 'data', kind)
    whole = Training(path, base / f'{name}-whole')
    began = time.monotonic()
    if finish(whole.start()):
        raise RuntimeError(whole.log.read_text()[-3000:])
    expected = time.monotonic() - began
    moments: Dict[str, int] = {}
    different, trainings = [], 0
    while sum(moments.values()) < kills:
        trainings += 1
        run = Training(path, base / f'{name}-{trainings}')
        left = min(most, kills - sum(moments.values()))
        while left:
            moment = kill(run.start(), rng, expected / 2)
            if moment is None:
                break
            moments[moment] = moments.get(moment, 0) + 1
            left -= 1
        code = finish(run.start())
        if code:
            different.append(f'{kind}: ended with {code}, see {run.log}')
        else:
            different += [
                f'{kind}: {name} in {run.folder}'
                for name in differences(whole.folder, run.folder)
            ]
    return Result(moments, trainings, different)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('--kills', type=int, default=48)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--folder', type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    gc.collect()
    gc.freeze()  # or each process would look through all modules again
    base = args.folder or Path(tempfile.mkdtemp(prefix='kills-'))
    base.mkdir(parents=True, exist_ok=True)
    write_data(base / 'data')
    rng = random.Random(args.seed)
    share = -(-args.kills // len(KINDS))
    failed = []
    for kind in KINDS:
        began = time.monotonic()
        result = try_kind(kind, share, base, rng)
        moments = ', '.join(f'{v} {k}' for k, v in result.kills.items())
        print(
            f'{kind}: {sum(result.kills.values())} kills ({moments}) of '
            f'{result.trainings} trainings, {len(result.different)} '
            f'differences, {time.monotonic() - began:.0f} s',
            flush=True,
        )
        failed += result.different
    for workers in (True, False):
        found = differences(
            base / f'{workers}-0-whole', base / f'{workers}-2-whole'
        )
        failed += [f'0 and 2 workers: {name}' for name in found]
    print(*failed, f'{len(failed)} differences in {base}', sep='\n')
    sys.exit(bool(failed))


if __name__ == '__main__':
    main()
