"""How large the rows are trained and on what, read from ``scales.yaml``."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from dfa_mm.datasets.fld_coco import convert
from projects.synthfld import write_synth_fld

from .rows import Row, choose_rows, read_rows

# Drawn for scale smoke. 80 % of them are for training: four batches of eight,
# and more samples than clusters.
SMOKE_PICTURES, SMOKE_SIZE = 48, 128
Options = Mapping[str, object]


@dataclass(frozen=True)
class Scale:
    """An experiment at one size.

    Args:
        rows (Sequence[Row]): In the report's order; a parent before its
            children.
        configs (Mapping[str, str]): What stands in the braces of the rows'
            configs.
        budgets (Mapping[str, Options]): By the rows' budgets; one that is not
            there is the config's own.
        options (Options): For every row; a row's own come after.
        seeds (Sequence[int]): Where the command line names none.
        amp (bool): Train in mixed precision where there is CUDA.
        note (str): What a reader must know before the numbers.
        data (tuple[str, str], optional): Variable and default of the folder
            that stands for FLD's.
        draws (Sequence[str]): Variables of sets for which a handful of
            garments is drawn.
    """

    rows: Sequence[Row]
    configs: Mapping[str, str] = field(default_factory=dict)
    budgets: Mapping[str, Options] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    seeds: Sequence[int] = (0, 1, 2)
    amp: bool = False
    note: str = ''
    data: Sequence[str] = ()
    draws: Sequence[str] = ()

    def config(self, row: Row) -> str:
        return row.config.format(**self.configs)

    def options_of(self, row: Row) -> dict:
        stage = {'model.num_stages': row.stage} if row.stage else {}
        budget = self.budgets.get(row.budget_name, {})
        return {**self.options, **stage, **row.options, **budget}

    def environment(self, folder: Path) -> dict[str, str]:
        """The variables that the configs read.

        Args:
            folder (Path): Of the runs; what has to be drawn lies in it.
        """
        if self.draws:
            return dict.fromkeys(self.draws, draw_garments(folder / 'data'))
        return {'FLD_ROOT': os.environ.get(*self.data)} if self.data else {}


def draw_garments(folder: Path) -> str:
    """A handful, drawn once."""
    if not (folder / 'annotations/fld_all_test.json').exists():
        write_synth_fld(
            folder, SMOKE_PICTURES, size=SMOKE_SIZE, jobs=1, overwrite=True
        )
        convert(folder, folder / 'annotations')
    return below_here(folder)


def below_here(path: Path) -> str:
    """From the repository, where all is run, if it is in it."""
    return os.path.relpath(path) if Path.cwd() in path.parents else str(path)


def epochs(number: int) -> dict:
    """Of a config with a warm-up and a cosine."""
    return {
        'train_cfg.max_epochs': number,
        'param_scheduler.1.T_max': number,
    }


def iterations(number: int) -> dict:
    """Of a config that counts iterations and has one step, at 80 %."""
    return {
        'train_cfg.max_iters': number,
        'param_scheduler.0.milestones': [number * 8 // 10],
    }


def read_budgets(content: Mapping) -> dict[str, dict]:
    """Options by budget; in short trainings the auxiliary losses fall earlier
    (Eq. 4), which rivals of one network, ``whole``, do not have."""
    found = {}
    for unit, options in (('epochs', epochs), ('iterations', iterations)):
        for name, number in content.get(unit, {}).items():
            found[name] = options(number)
            if 'auxiliary' in content and name != 'whole':
                t1, t2 = content['auxiliary']
                found[name] |= {'custom_hooks.1.t1': t1}
                found[name] |= {'custom_hooks.1.t2': t2}
    return found


def read_scale(content: Mapping, scale: Mapping) -> Scale:
    """Args: ``content`` of the whole file, what the scale's names mean."""
    options: dict = {}
    for name in scale.get('options', ()):
        options.update(content['options'][name])
    return Scale(
        rows=read_rows(*scale['rows']),
        configs=content['configs'].get(scale.get('configs'), {}),
        budgets=read_budgets(content['budgets'][scale['budget']]),
        options=options,
        seeds=scale.get('seeds', Scale.seeds),
        amp=scale.get('amp', False),
        note=content['notes'].get(scale.get('note'), ''),
        data=content['data'].get(scale.get('data'), ()),
        draws=scale.get('draws', ()),
    )


_CONTENT = yaml.safe_load(Path(__file__).with_name('scales.yaml').read_text())
# By group, then by the scale's name.
SCALES = {
    group: {key: read_scale(_CONTENT, each) for key, each in scales.items()}
    for group, scales in _CONTENT['scales'].items()
}


def with_rows(
    names: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Scale]:
    """The scales on garments that have these rows, with what they need.

    Args:
        names (Iterable[str]): What a scale must have.
        optional (Iterable[str]): What is taken where a scale has it.
    """
    names, found = list(names), {}
    for key, scale in SCALES['fld'].items():
        known = {row.name for row in scale.rows}
        if known.issuperset(names):
            chosen = [*names, *(name for name in optional if name in known)]
            found[key] = replace(scale, rows=choose_rows(scale.rows, chosen))
    return found


def naming_variables(text: str) -> list[str]:
    """Of the folders that a message is about."""
    places = (*_CONTENT['data'].values(), *_CONTENT['sources'].values())
    found = [each for each, _ in places if f'{os.environ.get(each)}/' in text]
    found += [each for each, default in places if f'{default}/' in text]
    return list(dict.fromkeys(found))


def source_folders() -> dict[str, str]:
    """Of the sets that ``sources`` is trained on, by the report's names."""
    return {
        name: os.environ.get(*place)
        for name, place in _CONTENT['sources'].items()
    }
