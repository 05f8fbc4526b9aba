import pytest
import torch
from demo_files import (  # noqa: F401
    cascade,
    fld_root,
    lsp_cascade,
    nameless_cascade,
    upper_cascade,
)


@pytest.fixture(autouse=True, scope='session')
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
