"""How the commands begin: arguments first, and quickly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dfa_mm
from dfa_mm.structures import CLOTHES_TYPES
from projects.commands import dfa, lsp_coco
from projects.commands.arguments import common, lsp

REPOSITORY = Path(__file__).parents[3]
# of the processor, imports included: a tenth of what the libraries take
SECONDS = 0.5
HEAVY = ('torch', 'mmengine', 'mmcv', 'mmpose', 'cv2', 'numpy', 'rich')
WATCHED = f"""
import sys, time
from projects.commands import main
try:
    status = main(sys.argv[1:])
except SystemExit as ended:
    status = ended.code
print('status', status)
heavy = [name for name in {HEAVY} if name in sys.modules]
print('imported', heavy, 'dfa_mm' in sys.modules)
print('seconds', time.process_time())
"""
ENVIRONMENT = dict(os.environ, PYTHONPATH=str(REPOSITORY))


def watch(*arguments):
    """Status, imported libraries, seconds and what was told of a command."""
    done = subprocess.run(
        [sys.executable, '-c', WATCHED, *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    *told, status, imported, seconds = done.stdout.splitlines()
    return (
        int(status.split()[1]),
        imported,
        float(seconds.split()[1]),
        '\n'.join(told) + done.stderr,
    )


@pytest.mark.parametrize(
    ('arguments', 'status', 'told'),
    [
        (['--help'], 0, 'find the garments of photographs'),
        (['predict', '--help'], 0, '--clothes-type {upper,lower,full}'),
        (['train', '--help'], 0, '--cfg-options'),
        (['convert', '--help'], 0, "FLD's raw lists"),
        (['convert', 'fld', '--help'], 0, '--lenient'),
        ([], 2, 'required: COMMAND'),
        (['predcit'], 2, "invalid choice: 'predcit'"),
        (['convert'], 2, 'required: COMMAND'),
        (['convert', 'lps'], 2, "invalid choice: 'lps'"),
        (['predict'], 2, 'give a picture'),
        (['predict', 'a.jpg', '--wohle'], 2, 'arguments: --wohle'),
        (['predict', 'a.jpg', 'c.py'], 2, 'give both CONFIG and CHECKPOINT'),
        (['video', 'a.mp4', '--max-frames', '0'], 2, '--max-frames is 0'),
        (['webcam', '--no-window'], 2, 'give --output as well'),
        (['web', '--box', '1', '2', '3', '4'], 2, 'clicked on the page'),
        (['train', 'c.py', '--launcher', 'x'], 2, "invalid choice: 'x'"),
        (['train', 'c.py', '--cfg-options', 'seed'], 2, 'expected KEY=VALUE'),
        (['test', 'c.py', 'a.pth', '--dump', 'a.txt'], 2, 'needs a .pkl'),
        (['browse', 'c.py', '--num', '0'], 2, '--num is 0, expected 1'),
        (['convert', 'synth', 'x', '--size', '9'], 2, '--size is 9'),
    ],
)
def test_answers_without_importing_the_libraries(arguments, status, told):
    found, imported, seconds, text = watch(*arguments)
    assert (found, imported) == (status, 'imported [] False')
    assert told in ' '.join(text.split())
    assert 'Traceback' not in text
    assert seconds < SECONDS


def test_versions_without_importing_the_libraries():
    status, imported, _, text = watch('version')
    assert (status, imported) == (0, 'imported [] False')
    assert text.startswith(f'dfa_mm {dfa_mm.__version__}\n')
    assert 'mmpose 1.3.2\n' in text


def test_who_stops_reading_ends_it_quietly():
    start = 'import sys; from projects.commands import main; '
    command = [sys.executable, '-c', start + 'sys.exit(main())', 'version']
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command, env=ENVIRONMENT, stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b'')


def module_call(tmp_path, *arguments):
    """``python -m dfa_mm`` where the package is installed as it is here."""
    info = tmp_path / f'dfa_mm-{dfa_mm.__version__}.dist-info'
    info.mkdir()
    name = f'Name: dfa_mm\nVersion: {dfa_mm.__version__}\n'
    (info / 'METADATA').write_text(f'Metadata-Version: 2.1\n{name}')
    entry = 'dfa = projects.commands:main'
    (info / 'entry_points.txt').write_text(f'[console_scripts]\n{entry}\n')
    path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])
    return subprocess.run(
        [sys.executable, '-X', 'importtime', '-m', 'dfa_mm', *arguments],
        env=dict(os.environ, PYTHONPATH=path),
        capture_output=True,
        text=True,
    )


def test_the_module_is_the_command(tmp_path):
    done = module_call(tmp_path, 'predict', '--help')
    assert done.returncode == 0
    assert done.stdout.startswith('usage: dfa predict ')
    imported = {
        line.split('|')[-1].strip() for line in done.stderr.split('\n')
    }
    assert 'dfa_mm' in imported
    assert not imported.intersection(HEAVY)


@pytest.mark.slow
def test_the_module_registers_before_it_works(tmp_path):
    config = str(REPOSITORY / 'configs/dfa_fld_stage1.py')
    done = module_call(tmp_path, 'config', config)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "type='FLDDataset'" in done.stdout


@pytest.mark.parametrize(
    ('line', 'expected'),
    [
        ('dfa tr', ['train']),
        ('dfa convert ', ['fld', 'lsp', 'synth', 'check']),
        ('dfa train --work', ['--work-dir']),
        ('dfa predict --clothes-type u', ['upper']),
    ],
)
def test_a_shell_completes(tmp_path, line, expected):
    pytest.importorskip('argcomplete')
    asked = dict(
        _ARGCOMPLETE='1',
        _ARGCOMPLETE_STDOUT_FILENAME=str(tmp_path / 'answer'),
        _ARGCOMPLETE_IFS='|',
        _ARGCOMPLETE_SUPPRESS_SPACE='1',
        COMP_LINE=line,
        COMP_POINT=str(len(line)),
    )
    path = os.pathsep.join([str(REPOSITORY), os.environ.get('PYTHONPATH', '')])
    subprocess.run(
        [sys.executable, '-c', WATCHED],
        env=dict(os.environ, PYTHONPATH=path, **asked),
        check=True,
    )
    found = (tmp_path / 'answer').read_text().split('|')
    assert {word.strip() for word in found if word[:2] != '-h'} >= {*expected}
    assert not any(word.startswith('web') for word in found)


def test_commands_take_options_and_files_in_any_order():
    args = dfa.read('predict', ['a.jpg', '--whole', 'c.py', 'a.pth'])
    assert (args.images, args.config, args.checkpoint) == (
        *(['a.jpg'], 'c.py', 'a.pth'),
    )
    assert args.whole


def test_what_arguments_repeat_is_what_the_package_says():
    assert list(common.CLOTHES_TYPES) == [*CLOTHES_TYPES.values()]
    assert lsp.BOX_MARGIN == lsp_coco.BOX_MARGIN


def test_every_command_is_listed_and_can_be_read():
    listed = dfa.make_parser().format_help()
    for name in dfa.COMMANDS:
        assert f'    {name} ' in listed
