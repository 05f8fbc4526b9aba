"""tools/train.py on MMPose's heads: drawn garments, tiny networks."""

import pytest
from tool_training import (  # noqa: F401  fixtures
    NUM_LANDMARKS,
    small_fld,
    train,
    write_small,
)

CONFIG = 'projects/reproduction/configs/fld_{}_efficientnet-lite0.py'
pytestmark = pytest.mark.slow


def fit(head):
    """To a map of 32 x 32, and to four landmarks."""
    if head.type == 'HeatmapHead':
        head.update(deconv_out_channels=None, deconv_kernel_sizes=None)
    elif head.type == 'SimCCHead':
        head.in_featuremap_size = (32, 32)
    number = 'num_joints' if 'num_joints' in head else 'out_channels'
    head[number] = NUM_LANDMARKS


@pytest.mark.parametrize('head', ['regression', 'rle', 'heatmap', 'simcc'])
def test_heads_of_mmpose_are_trained_and_measured(
    head,
    write_small,  # noqa: F811
    train,  # noqa: F811
    tmp_path,
):
    config = write_small(CONFIG.format(head), tmp_path, fit)
    metrics = train(config, tmp_path / 'work')
    # one network, no stages, no visibility
    assert set(metrics['NE']['box']) == {'final'}
    assert metrics['NE']['box']['final']['mean'] > 0
    assert 'visibility' not in metrics
