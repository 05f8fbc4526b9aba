"""Who asks a model of drawn garments about photographs is told so, once."""

from argparse import Namespace

import cv2
import numpy as np
import pytest
import torch
from demo_files import cascade, fld_root  # noqa: F401  fixtures

from projects.commands import run_alone
from projects.commands.model import model_from


@pytest.fixture
def said_to_be(cascade, tmp_path):  # noqa: F811
    """The cascade's checkpoint with what it was trained on."""

    def write(*drawn):
        content = torch.load(cascade.checkpoint, weights_only=True)
        parts = [dict(drawn=each) for each in drawn]
        data = dict(dataset=dict(datasets=parts))
        content['meta']['identity'] = dict(data=data) if drawn else None
        torch.save(content, tmp_path / 'x.pth')
        return cascade.config, str(tmp_path / 'x.pth')

    return write


def test_it_is_said_once(said_to_be, tmp_path, capsys):
    picture = str(tmp_path / 'a.png')
    cv2.imwrite(picture, np.zeros((32, 32, 3), np.uint8))
    out = ['--whole', '--out-dir', str(tmp_path / 'out')]
    assert run_alone('predict', [picture, *said_to_be(True), *out]) == 0
    told = capsys.readouterr().err
    assert told.count('was trained on drawn garments alone') == 1


@pytest.mark.parametrize('drawn', [(True, False), (False,), ()])
def test_it_is_not_said_of_others(said_to_be, capsys, drawn):
    config, checkpoint = said_to_be(*drawn)
    model_from(
        Namespace(
            threads=None,
            config=config,
            checkpoint=checkpoint,
            model_device='cpu',
            flip_test=None,
        )
    )
    assert 'drawn' not in capsys.readouterr().err
