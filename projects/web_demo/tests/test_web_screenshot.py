import numpy as np
import pytest
from demo_files import load_script  # noqa: E402
from PIL import Image

tool = load_script('projects/web_demo/screenshot.py')


def test_without_a_browser_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv('PATH', str(tmp_path))
    with pytest.raises(FileNotFoundError, match='apt install chromium'):
        tool.find_browser()


def test_the_picture_is_made_small(tmp_path):
    file = tmp_path / 'a.png'
    shades = np.arange(256 * 256 * 3, dtype=np.uint8).reshape(256, 256, 3)
    Image.fromarray(shades).save(file)
    tool.write_small(file)
    small = np.asarray(Image.open(file).convert('RGB'), int)
    assert len(np.unique(small.reshape(-1, 3), axis=0)) <= 256
    assert np.abs(small - shades).mean() < 16
