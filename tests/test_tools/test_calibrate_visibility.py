"""A cascade with random weights and the drawn validation set."""

import numpy as np
import pytest
import torch
from demo_files import cascade, fld_root, load_script  # noqa: E402, F401

from dfa_mm.apis import load_model

tool = load_script('tools/analysis/calibrate_visibility.py')


def test_a_copy_with_calibrations(cascade, tmp_path, capsys):  # noqa: F811
    before = torch.load(cascade.checkpoint, weights_only=True)
    out = tmp_path / 'new/calibrated.pth'
    options = ['--out', str(out), '--device', 'cpu', '--least-visible', '0.5']
    assert tool.main([cascade.config, cascade.checkpoint, *options]) == 0
    after = torch.load(out, weights_only=True)
    added = set(after['state_dict']) - {
        k for k in before['state_dict'] if 'calibration' not in k
    }
    assert added == {
        f'visibility_calibrations.{i}.{name}'
        for i in range(3)
        for name in ('biases', 'temperature')
    }
    for name, value in before['state_dict'].items():
        if name not in added:
            assert torch.equal(after['state_dict'][name], value), name
    assert after['meta'].keys() == before['meta'].keys()
    # the model has what was printed
    text = capsys.readouterr().out
    model = load_model(cascade.config, str(out))
    for number, stage in enumerate(model.visibility_calibrations, start=1):
        value = f'{float(stage.temperature):.2f}'
        assert f'temperature {value}' in text
        row = f'stage {number}: visible +0.00, occluded '
        assert f'{row}{float(stage.biases[1]):+.2f}' in text
    # what was there is not fitted twice
    again = tmp_path / 'again.pth'
    options[1] = str(again)
    tool.main([cascade.config, str(out), *options])
    twice = torch.load(again, weights_only=True)['state_dict']
    for name in added:
        assert torch.equal(twice[name], after['state_dict'][name])


def test_the_input_is_not_overwritten(cascade, capsys):  # noqa: F811
    arguments = [cascade.config, cascade.checkpoint]
    with pytest.raises(SystemExit):
        tool.main([*arguments, '--out', cascade.checkpoint])
    assert 'another file' in capsys.readouterr().err


def test_parts_of_combined_data():
    class Combined:
        datasets = [range(2), range(3)]

    assert tool.part_numbers(Combined()).tolist() == [0, 0, 1, 1, 1]
    assert tool.part_numbers(range(2)).tolist() == [0, 0]


def test_comparison_by_hand():
    # One visible landmark of two is told; an occluded one is told.
    scores = np.array([[0.9, 0.1, 0], [0.4, 0.6, 0], [0.2, 0.8, 0]])
    told = tool.Told(scores[None], np.array([0, 0, 1]), np.array([0, 0, 1]))
    rows = tool.compare(told, [dict(biases=np.zeros(3), temperature=1.0)])
    assert list(rows) == [
        'stage 1, before',
        'stage 1, after',
        'set 1, before',
        'set 1, after',
        'set 2, before',
        'set 2, after',
    ]
    whole = rows['stage 1, before']
    assert whole['right'] == pytest.approx(2 / 3)
    assert (whole['visible'], whole['occluded']) == (0.5, 1)
    assert whole['truncated'] is None
    # .9, .6 and .8 in bins of their own: .1 + .6 + .2
    assert whole['ECE'] == pytest.approx(0.3)
    # ln 2 counts .4 twice: visible, at a probability of .4
    biases = np.log([2.0, 1, 1])
    rows = tool.compare(told, [dict(biases=biases, temperature=1.0)])
    assert rows['stage 1, after']['right'] == 1
    assert rows['stage 1, after']['ECE'] == pytest.approx(0.9 / 3)
    assert rows['set 2, after']['landmarks'] == 1
