"""The audit of the lock files, with pip-audit's answers made up."""

import json
import subprocess
from types import SimpleNamespace

import pytest
from demo_files import load_script

SOUND = dict(name='six', version='1.17.0', vulns=[])
UNKNOWN = dict(name='torch', skip_reason='Dependency not found on PyPI')
VULNERABLE = dict(
    name='jinja2',
    version='2.0',
    vulns=[dict(id='PYSEC-1', fix_versions=['2.1', '3.0'], aliases=[])],
)


@pytest.fixture
def audit(monkeypatch, capsys):
    """Answers the exit status and what was printed."""
    tool = load_script('tools/misc/audit.py')

    def run(stdout, stderr=''):
        answer = SimpleNamespace(stdout=stdout, stderr=stderr)
        monkeypatch.setattr(subprocess, 'run', lambda *_, **__: answer)
        return tool.main(['lock.txt']), capsys.readouterr().out

    return run


def report(*packages):
    return json.dumps(dict(dependencies=packages))


def test_a_vulnerable_package_fails(audit):
    status, said = audit(report(SOUND, VULNERABLE, UNKNOWN))
    assert status == 1
    assert said.splitlines() == [
        'jinja2 2.0: PYSEC-1, mended in 2.1, 3.0',
        '2 of 3 packages audited, 1 vulnerable',
    ]


def test_sound_packages_pass(audit):
    assert audit(report(SOUND)) == (
        0,
        '1 of 1 packages audited, 0 vulnerable\n',
    )


def test_a_database_out_of_reach_is_said(audit):
    # a mirror that answers, but knows nothing of vulnerabilities
    status, said = audit(report(UNKNOWN))
    assert status == 0
    assert said.startswith('NOT AUDITED')
    # no network: a traceback in place of a report
    status, said = audit('', 'Traceback ...\nConnectionError: no route\n')
    assert status == 0
    assert said.startswith('ConnectionError: no route\nNOT AUDITED')
