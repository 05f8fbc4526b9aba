import random

import pytest
from kill_training import KINDS, try_kind, write_data


@pytest.mark.slow
def test_a_killed_training_ends_as_one_that_was_not(tmp_path):
    """A few; ``kill_training.py`` itself kills as many as are asked for."""
    write_data(tmp_path / 'data')
    result = try_kind(KINDS[2], 2, tmp_path, random.Random(1))
    assert sum(result.kills.values()) == 2
    assert result.different == []
