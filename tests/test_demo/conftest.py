import pytest
import torch
from demo_files import make_model

from dfa_mm.datasets.fld_coco import convert
from dfa_mm.datasets.synthetic import write_synth_fld


@pytest.fixture(autouse=True, scope='session')
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope='session')
def fld_root(tmp_path_factory):
    root = tmp_path_factory.mktemp('fld') / 'synthfld'
    write_synth_fld(root, num=30, size=128, jobs=1)
    convert(root, root / 'annotations')
    return root


@pytest.fixture(scope='session')
def cascade(tmp_path_factory, fld_root):
    return make_model(tmp_path_factory.mktemp('all'), fld_root)


@pytest.fixture(scope='session')
def upper_cascade(tmp_path_factory, fld_root):
    folder = tmp_path_factory.mktemp('upper')
    return make_model(folder, fld_root, subset='upper')


@pytest.fixture(scope='session')
def nameless_cascade(tmp_path_factory, fld_root):
    folder = tmp_path_factory.mktemp('nameless')
    return make_model(folder, fld_root, subset='upper', named=False)
