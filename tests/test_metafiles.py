"""model-index.yml and the metafiles: they parse, and tell no other numbers."""

import json
from pathlib import Path

import pytest
import yaml
from mmengine.config import Config

ROOT = Path(__file__).parents[1]
INDEX = ROOT / 'model-index.yml'
FILES = yaml.safe_load(INDEX.read_text())['Import']
# Every metric's place in results.json, or in a row of a reproduction's report
RESULTS = {
    'NE image': 'metrics/NE/image/final/mean',
    'NE box': 'metrics/NE/box/final/mean',
    'NE square': 'metrics/NE/square/final/mean',
    'PDL@15': 'metrics/PDL/stages/final/share',
    'Visibility accuracy': 'metrics/visibility/stages/final/accuracy',
}
ROWS = {
    'PCP': 'over_seeds/mean/mean',
    'Loose PCP': 'over_seeds/loose mean/mean',
    'PCK@0.2': 'over_seeds/PCK@0.2/mean',
}


def read(name):
    return yaml.safe_load((ROOT / name).read_text())


def models():
    return [model for name in FILES for model in read(name)['Models']]


def results():
    return [
        pytest.param(result, id=f'{model["Name"]}: {result["Dataset"]}')
        for model in models()
        for result in model['Results']
    ]


def follow(content, path):
    for key in filter(None, path.split('/')):
        content = content[key]
    return content


def published(value, found, row):
    """Percent with two digits, or shares with five."""
    return value == round(found, 2 if row else 5)


def test_index_names_every_metafile():
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ('configs', 'projects')
        for path in (ROOT / folder).rglob('metafile.yml')
    }
    assert set(FILES) == found


def test_index_parses():
    modelindex = pytest.importorskip('modelindex')
    index = modelindex.load(str(INDEX))
    index.build_models_with_collections()
    names = [model.name for model in index.models]
    assert names == [model['Name'] for model in models()]
    assert len(set(names)) == len(names)
    known = {c.name for c in index.collections}
    assert {model['In Collection'] for model in models()} == known
    for model in index.models:
        assert all(result.metrics for result in model.results)


@pytest.mark.parametrize('model', models(), ids=lambda m: m['Name'])
def test_config_is_there_and_the_one_that_is_named(model):
    path = ROOT / model['Config']
    assert path.stem == model['Name']
    cfg = Config.fromfile(path)
    # DFA stands for its variants too
    assert model['Metadata']['Architecture'][1] in cfg.model.head.type
    assert cfg.model.backbone.type == 'EfficientNetLite'


@pytest.mark.parametrize('result', results())
def test_numbers_are_those_of_the_results_file(result):
    name, _, row = result['Source'].partition('#')
    content = follow(json.loads((ROOT / name).read_text()), row)
    places = ROWS if row else RESULTS
    assert list(result['Metrics']) == list(places)
    for metric, value in result['Metrics'].items():
        found = follow(content, places[metric])
        assert published(value, found, row), (metric, value, found)


@pytest.mark.parametrize(
    ('value', 'right'), [(62.1, True), (62.09, False), (62.0999, False)]
)
def test_other_numbers_are_noticed(value, right):
    assert published(value, 62.09999999999999, '/rows/x') is right


def test_checkpoints_of_the_results_are_those_of_the_models():
    for model in models():
        for result in model['Results']:
            name, _, row = result['Source'].partition('#')
            content = follow(json.loads((ROOT / name).read_text()), row)
            if row:  # the commands that trained it, one for each seed
                runs = content['seeds'].values()
                assert runs
                # some were trained before the file was moved
                file = f'/{Path(model["Config"]).name} '
                assert all(file in run['command'] for run in runs)
            else:
                folder = Path(content['checkpoint']).parent.name
                assert folder == model['Name']
