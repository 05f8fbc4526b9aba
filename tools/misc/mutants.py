#!/usr/bin/env python
"""Mutation testing: which changes of the numeric core would no test notice?

    pip install -r requirements/mutants.txt
    python tools/misc/mutants.py [MODULE ...]

Every module of tests/mutants.yml is changed in one place at a time, by Cosmic
Ray's operators and one of our own, and its tests are run. A mutant that they
fail, or that ends no more, is killed. The files on disk are not touched.

Prints a line per module and every survivor. The exit status is 1 if fewer
than --least percent of any module's mutants are killed; those that tests/
mutants.yml calls equivalent, with the reason, do not count.

What was found is kept in --results: a run that was stopped goes on, and only
modules that have changed, or whose tests have, are tried again.
"""

import argparse
import difflib
import gc
import hashlib
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import re
import runpy
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple, Optional

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / 'tests' / 'mutants.yml'
SECONDS = 120
# Of Cosmic Ray's: numbers, decorators, booleans, loops and exceptions; of
# operators, those that a person could have mistaken for one another.
OPERATORS = re.compile(
    r'core/('
    r'NumberReplacer|RemoveDecorator|ZeroIterationForLoop|ExceptionReplacer'
    r'|AddNot|Replace(True|False|And|Or|Break|Continue)With\w+'
    r'|ReplaceUnaryOperator_Delete_\w+'
    r'|ReplaceBinaryOperator_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)'
    r'_(Add|Sub|Mul|Div)'
    r'|ReplaceBinaryOperator_(BitAnd_BitOr|BitOr_BitAnd)'
    r'|ReplaceComparisonOperator_(?!Is)\w+_(?!Is)\w+'
    r'|ReplaceComparisonOperator_(Is_IsNot|IsNot_Is))$'
)
SWAPPED = dict(
    min='max', amin='amax', argmin='argmax', minimum='maximum', any='all'
)
SWAPPED.update({there: here for here, there in SWAPPED.items()})


class Mutant(NamedTuple):
    module: str
    source: str
    change: str

    @property
    def name(self) -> str:
        """The same as long as the module and its tests are."""
        tests = [Path(ROOT, t).read_text() for t in tests_of(self.module)]
        content = '\0'.join([self.module, self.source, *tests])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    modules = list(plan()['modules'])
    parser.add_argument(
        'modules', nargs='*', metavar='MODULE', help='only these files'
    )
    parser.add_argument('--jobs', type=int, default=1, help='at once')
    parser.add_argument('--least', type=float, default=95, metavar='PERCENT')
    parser.add_argument(
        '--results', type=Path, default=ROOT / 'work_dirs' / 'mutants.jsonl'
    )
    args = parser.parse_args(argv)
    for module in args.modules:
        if module not in modules:
            parser.error(f'{module} is not one of {modules} in {PLAN}')
    args.modules = args.modules or modules
    return args


def plan() -> dict:
    import yaml

    return yaml.safe_load(PLAN.read_text())


def tests_of(module: str) -> list[str]:
    return plan()['modules'][module]


def equivalents_of(module: str) -> set[str]:
    """Changes that no test can notice."""
    return set(sum(plan()['equivalent'].get(module, {}).values(), []))


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every one of a module, given by its path under the root."""
    from cosmic_ray.mutating import mutate_code

    source = Path(ROOT, module).read_text()
    for operator in operators():
        occurrence = 0
        while mutated := mutate_code(source, operator, occurrence):
            yield Mutant(module, mutated, change_of(source, mutated))
            occurrence += 1


def operators() -> Iterator:
    from cosmic_ray import plugins
    from cosmic_ray.operators.operator import Operator

    class SwapNames(Operator):
        """``min`` for ``max`` and the like, as method and as keyword."""

        def mutation_positions(self, node):
            if node.type == 'name' and node.value in SWAPPED:
                yield node.start_pos, node.end_pos

        def mutate(self, node, index):
            node.value = SWAPPED[node.value]
            return node

        @classmethod
        def examples(cls):
            return ()

    for name in sorted(plugins.operator_names()):
        if OPERATORS.match(name):
            yield plugins.get_operator(name)()
    yield SwapNames()


def change_of(before: str, after: str) -> str:
    """``line -> mutated line``, without their indents."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    sides = {'-': [], '+': []}
    for line in lines:
        if line[0] in sides:
            sides[line[0]].append(' '.join(line[1:].split()))
    return ' -> '.join(' '.join(side) for side in sides.values())


# ---------------------------------------------------------------- running


def import_libraries() -> None:
    """All but this package, so that no mutant has to wait for them."""
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    runpy.run_path(str(ROOT / 'dfa_mm' / 'compat.py'))['apply']()
    for name in (
        '_hypothesis_pytestplugin',
        'cv2',
        'hypothesis.extra.numpy',
        'mmdet',
        'mmpose.apis',
        'pytest',
        'rich.console',
        'sklearn.cluster',
        'torch',
    ):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a forked process then copies no memory to look for garbage


class _Finder(importlib.machinery.PathFinder):
    """Loads one module from text in place of its file."""

    def __init__(self, module: str, source: str) -> None:
        self.name = module.removesuffix('.py').replace('/', '.')
        self.path, self.source = str(ROOT / module), source

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        loader = importlib.machinery.SourceFileLoader(fullname, self.path)
        loader.get_code = self._code
        return importlib.util.spec_from_loader(fullname, loader)

    def _code(self, fullname):
        return compile(self.source, self.path, 'exec')


def run_tests(mutant: Mutant) -> None:
    """In a process of its own, which ends with pytest's exit status."""
    import pytest
    from hypothesis import Phase, settings

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    settings.register_profile(
        'mutants',
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
    )
    sys.meta_path.insert(0, _Finder(mutant.module, mutant.source))
    os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'
    plugins = ['-p', 'no:cacheprovider', '-p', '_hypothesis_pytestplugin']
    options = ['-x', *plugins, '--hypothesis-profile=mutants']
    os._exit(pytest.main([*options, *tests_of(mutant.module)]))


def survives(mutant: Mutant) -> bool:
    process = multiprocessing.get_context('fork').Process(
        target=run_tests, args=(mutant,)
    )
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode == 0


def check_tests(module: str) -> None:
    """A test that fails without a mutant would kill them all."""
    source = Path(ROOT, module).read_text()
    if not survives(Mutant(module, source, '')):
        sys.exit(f'{module}: its tests fail as it is: {tests_of(module)}')


def find_survivors(module: str, args: argparse.Namespace) -> Counter:
    """Try what is not in the results; print and count."""
    mutants = list(mutants_of(module))
    known = read_results(args.results)
    new = [mutant for mutant in mutants if mutant.name not in known]
    if new:
        check_tests(module)
    with ThreadPoolExecutor(args.jobs) as pool:
        for mutant, survived in zip(new, pool.map(survives, new)):
            known[mutant.name] = survived
            keep(args.results, mutant, survived)
    survivors = [mutant for mutant in mutants if known[mutant.name]]
    equivalent = equivalents_of(module)
    unknown = equivalent - {mutant.change for mutant in survivors}
    if unknown:
        sys.exit(f'{PLAN}: no survivor of {module} is {sorted(unknown)}')
    counted = Counter(
        mutants=len(mutants),
        killed=len(mutants) - len(survivors),
        equivalent=sum(m.change in equivalent for m in survivors),
    )
    print_line(module, counted)
    for mutant in survivors:
        if mutant.change not in equivalent:
            print(f'    {mutant.change}')
    return counted


def read_results(path: Path) -> dict[str, bool]:
    if not path.exists():
        return {}
    lines = map(json.loads, path.read_text().splitlines())
    return {line['name']: line['survived'] for line in lines}


def keep(path: Path, mutant: Mutant, survived: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    line = dict(
        name=mutant.name,
        module=mutant.module,
        change=mutant.change,
        survived=survived,
    )
    with path.open('a') as file:
        file.write(json.dumps(line) + '\n')


def share(counted: Counter) -> float:
    """Percent killed, of those that can be."""
    possible = counted['mutants'] - counted['equivalent']
    return 100 * counted['killed'] / max(possible, 1)


def print_line(name: str, counted: Counter) -> None:
    print(
        f'{name:45} {counted["killed"]:4} of {counted["mutants"]:4} killed, '
        f'{counted["equivalent"]:3} equivalent: {share(counted):5.1f} %',
        flush=True,
    )


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    import_libraries()
    counts = list(map(partial(find_survivors, args=args), args.modules))
    print_line('all', sum(counts, Counter()))
    return int(min(map(share, counts)) < args.least)


if __name__ == '__main__':
    sys.exit(main())
