"""Finished runs, made up, and the reports on them."""

import json

import pytest

from projects.reproduction import numbers
from projects.reproduction.experiments import EXPERIMENTS
from projects.reproduction.results import Results
from projects.reproduction.run import Run, make_runs

THRESHOLDS = [0, 15, 50]
# In place of what reading the configs of all runs would give.
IDENTITY = dict(model='made up')


@pytest.fixture(scope='module')
def made_up_identity():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, 'identity', IDENTITY)
        yield


def error(mean, count=10, landmarks=None, **groups):
    """A report of NE; every landmark has the mean unless it is given."""
    by_landmark = dict.fromkeys(numbers.LANDMARKS, mean)
    return dict(
        mean=mean,
        count=count,
        landmark=dict(by_landmark, **(landmarks or {})),
        **groups,
    )


def detected(share, landmarks=None, **groups):
    """A report of PDL; likewise."""

    def described(value):
        return dict(share=value, curve=[0.0, value, 1.0])

    shares = dict.fromkeys(numbers.LANDMARKS, share)
    shares.update(landmarks or {})
    return dict(
        described(share),
        landmark={name: described(value) for name, value in shares.items()},
        **{
            grouping: {name: described(value) for name, value in known.items()}
            for grouping, known in groups.items()
        },
    )


def metrics(ne, pdl, visibility=0.9):
    """Of a run: NE square is half, NE image a third of NE box."""

    def scaled(factor):
        return dict(
            error(ne['mean'] * factor, ne['count']), branch=ne.get('branch')
        )

    found = dict(
        NE=dict(
            box=dict(final=ne),
            image=dict(final=scaled(1 / 3)),
            square=dict(final=scaled(1 / 2)),
        ),
        PDL=dict(thresholds=THRESHOLDS, stages=dict(final=pdl)),
    )
    if visibility is not None:
        found['visibility'] = dict(
            stages=dict(final=dict(accuracy=visibility))
        )
    return found


def fabricate(run, found):
    """A finished training of half an hour, 100 iterations of 16 pictures."""
    run.folder.mkdir(parents=True)
    (run.folder / 'results.json').write_text(json.dumps(dict(metrics=found)))
    command = ['tools/train.py', run.config, '--work-dir', str(run.folder)]
    if run.parent:
        options = f'load_from={run.parent.folder}/epoch_9.pth'
        command += ['--cfg-options', options]
    record = dict(
        identity=IDENTITY,
        command=command,
        hardware=['Some CPU, 1 thread'],
        dfa_mm='0.1.0',
        training=dict(
            iterations=100,
            batch_size=16,
            image_passes=1600 * run.row.passes,
            seconds=1800.0,
        ),
    )
    (run.folder / 'row.json').write_text(json.dumps(record))


def make_results(name, key, folder, found, seeds=(0, 1), **kwargs):
    """A report's input, with the runs of ``found`` finished.

    Args:
        found (dict): Row to the metrics of its seeds.
    """
    experiment = EXPERIMENTS[name]
    scale = experiment.scales[key]
    group = experiment.group or name
    runs = make_runs(scale, seeds, folder / group / key)
    for run in runs:
        known = found.get(run.row.name)
        if known is not None and not run.folder.exists():
            fabricate(run, known[run.seed])
    return Results(
        experiment=name,
        scale=key,
        rows=scale.rows,
        runs=runs,
        folder=folder / name / key,
        command=['python', 'tools/reproduce.py', name],
        group=group,
        **kwargs,
    )


def cells(path, start, section):
    """Of the first line of a section's table that begins so."""
    return lines(path, start, section)[0]


def lines(path, start, section):
    """Of all such lines."""
    text = path.read_text().split(f'## {section}')[1].split('\n## ')[0]
    rows = [
        [cell.strip() for cell in line.strip('|').split('|')]
        for line in text.splitlines()
    ]
    found = [row for row in rows if row[0].startswith(start)]
    assert found, f'{section} has no line that starts with {start}'
    return found
