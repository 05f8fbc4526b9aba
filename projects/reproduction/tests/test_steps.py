"""Differences, verdicts and claims, by hand."""

import pytest
from report_files import detected, error, make_results, metrics

from projects.reproduction import rows
from projects.reproduction.claims import (
    Claim,
    above,
    easiest,
    hardest,
    hardest_type,
    kind_pdl,
)
from projects.reproduction.numbers import MEAN_NE
from projects.reproduction.paper import PAPER, TABLE2, TABLE3, TABLE4
from projects.reproduction.seeds import beyond_noise, over_seeds, verdict
from projects.reproduction.steps import (
    Step,
    make_step,
    paper_difference,
    tally,
)

KEY = 'synthfld-small'


@pytest.mark.parametrize(
    ('differences', 'expected'),
    [
        # mean -2, half range 1
        ([-1, -2, -3], True),
        ([1, 2, 3], True),
        # one seed against the others
        ([0.5, -2, -2], False),
        # mean -2, half range 2.75
        ([-0.1, -0.3, -5.6], False),
        ([-1], False),
        ([], False),
        ([0, 0], False),
    ],
)
def test_noise(differences, expected):
    assert beyond_noise(differences) == expected


@pytest.mark.parametrize(
    ('differences', 'paper', 'expected'),
    [
        ([-1, -2], -0.01, 'yes'),
        ([-1, -2], 0.01, 'no'),
        ([1, 2], 0.01, 'yes'),
        ([1, -2], -0.01, 'within noise'),
        ([-1], -0.01, 'one seed'),
        ([-1, -2], None, '-'),
        ([], -0.01, '-'),
        # the paper prints the same number twice
        ([1, -1], 0.0, 'yes'),
        ([-1, -2], 0.0, 'no'),
    ],
)
def test_verdict(differences, paper, expected):
    assert verdict(differences, paper) == expected


def test_difference_of_the_paper_is_rounded():
    # 0.091 - 0.092 is -0.0010000000000000009
    assert paper_difference(dict(a=0.091, b=0.092), 'a', 'b') == -0.001
    assert paper_difference(dict(a=0.091), 'a', 'b') is None


def test_step_pairs_seeds(tmp_path):
    def run(ne):
        return metrics(error(ne), detected(0.5))

    report = make_results(
        *('table2', KEY, tmp_path),
        {
            'stage1_soft': [run(0.20), run(0.30)],
            'stage1_direct': [run(0.23), run(0.35)],
        },
    )
    found = make_step(
        report,
        'stage1_soft',
        'stage1_direct',
        'mean',
        MEAN_NE,
        {'stage1_soft': 0.084, 'stage1_direct': 0.102},
    )
    # -0.03 and -0.05
    assert found.ours.mean == pytest.approx(-0.04)
    assert found.ours.spread == pytest.approx(0.01)
    assert found.paper == -0.018
    assert found.cell(found.verdict) == '-0.0400 ± 0.0100 (yes)'


def test_tally():
    def step(answer):
        return Step('a', 'b', 'c', None, over_seeds([]), False, answer)

    steps = [step(v) for v in ('no', '-', 'yes', 'no', 'within noise')]
    assert tally(steps) == 'As in the paper: no 2, yes 1, within noise 1.'
    assert tally([step('-')]) == 'As in the paper: nothing to compare yet.'


def test_claims(tmp_path):
    """Seed 0 agrees with the paper, in seed 1 hems are the hardest."""

    def run(sleeve, hem):
        shares = dict.fromkeys(('left collar', 'right collar'), 0.9)
        shares.update({'left sleeve': sleeve, 'right sleeve': sleeve + 0.2})
        shares.update({'left hem': hem, 'right hem': hem})
        pdl = detected(
            0.6,
            shares,
            clothes_type=dict(upper=0.5, lower=0.7),
            variation=dict(normal=0.72),
        )
        return metrics(error(0.1), pdl)

    found = {rows.DFA: [run(0.2, 0.4), run(0.3, 0.1)]}
    report = make_results('fig5', KEY, tmp_path, found)
    # sleeves: 0.2 and 0.4
    kinds = kind_pdl(report.of_row(rows.DFA)[0])
    assert kinds == pytest.approx(
        dict(collar=0.9, sleeve=0.3, waistline=0.6, hem=0.4)
    )
    answers = {
        'collar easiest': easiest('collar'),
        'sleeve hardest': hardest('sleeve'),
        'sleeve easiest': easiest('sleeve'),
        'upper hardest': hardest_type('upper'),
        'normal above 0.7': above('normal', 0.7),
        'pose above 0.7': above('large pose', 0.7),
    }
    verdicts = {
        text: Claim(text, holds).verdict(report)
        for text, holds in answers.items()
    }
    assert verdicts == {
        'collar easiest': 'yes',
        'sleeve hardest': 'within noise',
        'sleeve easiest': 'no',
        'upper hardest': 'yes',
        'normal above 0.7': 'yes',
        'pose above 0.7': '-',
    }
    del report.finished[next(r for r in report.finished if r.seed == 1)]
    one = Claim('x', easiest('collar')).verdict(report)
    assert one == 'yes (one seed)'


# Known not to fit: notes beside the table in paper.py.
_INCONSISTENT = ('stage2_direct', 'stage3_offset', 'stage3_contextual')


@pytest.mark.parametrize('name', sorted(set(TABLE2) - set(_INCONSISTENT)))
def test_printed_means_are_those_of_their_columns(name):
    *columns, mean = TABLE2[name].values()
    # printed with three digits each
    assert sum(columns) / 6 == pytest.approx(mean, abs=0.0011)


@pytest.mark.parametrize('name', ['DFA', 'IDPR', 'IDPR + pseudo-label'])
def test_printed_pcp_means_agree_with_their_columns(name):
    torso, head, *others, mean = TABLE4[name].values()
    # torso and head are one stick each of ten, the others two
    found = (torso + head + 2 * sum(others)) / 10
    assert found == pytest.approx(mean, abs=0.06)


def test_printed_tables_are_complete():
    assert list(TABLE2) == list(rows.LADDER)
    for name, table in (('table2', TABLE2), ('table3', TABLE3)):
        columns = PAPER[name]['columns']
        assert all(list(line) == columns for line in table.values())
        assert all(len(PAPER[name][row]) == len(columns) for row in table)
    figure2 = PAPER['figure2']
    assert sum(figure2['clothes type'].values()) == pytest.approx(100)
    assert sum(figure2['variation'].values()) == pytest.approx(100)
