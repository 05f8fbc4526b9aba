import logging

import pytest
from mmengine.logging import MMLogger

from dfa_mm.engine.terminal import hush


@pytest.fixture
def logger(tmp_path):
    logger = MMLogger(f'{tmp_path}', log_file=str(tmp_path / 'log.txt'))
    hush(logger)
    return logger


def test_the_file_has_everything_and_the_terminal_warnings(
    logger, tmp_path, capsys
):
    logger.info('the config is long')
    for _ in range(2):
        logger.warning('2 of 9 annotations are left out [x]')
    logger.warning('"FileClient" will be deprecated in future. Please use io')
    logger.error('it went wrong')
    out, err = capsys.readouterr()
    assert out == ''
    assert err.splitlines() == [
        'warning: 2 of 9 annotations are left out [x]',
        'error: it went wrong',
    ]
    logged = (tmp_path / 'log.txt').read_text()
    for text in ('the config is long', 'FileClient', '2 of 9'):
        assert text in logged


def test_a_long_warning_is_a_line(logger, tmp_path, capsys):
    logger.warning('keys differ\n\nunexpected: %s', 'layer.weight, ' * 99)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('warning: keys differ unexpected: layer.weight, ')
    assert line.endswith('layer.weight, ... (the log file has all of it)')
    assert len(line) <= len('warning: ') + 400
    assert 'layer.weight, ' * 99 in (tmp_path / 'log.txt').read_text()


def test_a_log_that_cannot_be_written_is_an_error(tmp_path, monkeypatch):
    from dfa_mm.engine.stage_runner import _raise

    handler = logging.FileHandler(tmp_path / 'log.txt')
    handler.handleError = _raise

    def full(record):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(handler, 'format', full)
    with pytest.raises(OSError, match='No space left'):
        handler.handle(logging.makeLogRecord(dict(msg='x')))
