"""What MMPose's codecs and losses make of our three visibility states."""

import pytest
import torch
from config_files import load
from fld_files import write_fld
from mmengine.dataset import pseudo_collate
from mmpose.registry import DATASETS, MODELS

from dfa_mm.datasets.fld_coco import convert

FOLDER = 'projects/reproduction/configs'
CONFIGS = [
    f'{FOLDER}/fld_{head}_{backbone}.py'
    for backbone in ('vgg16', 'efficientnet-lite0')
    for head in ('regression', 'rle', 'heatmap', 'simcc')
]


def outputs_of(head, cfg):
    """Random outputs that gradients can be asked of."""
    stride = 32 if cfg.model.backbone.type == 'VGG' else 16
    side = cfg.codec.input_size[0] // stride
    if cfg.model.get('neck'):
        side = 1
    with torch.no_grad():
        outputs = head(
            (torch.randn(2, cfg.model.head.in_channels, side, side),)
        )
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    # away from zero, where RLE's exp and log are tame
    return tuple(
        (0.5 + 0.1 * torch.randn_like(o)).requires_grad_() for o in outputs
    )


@pytest.mark.parametrize('name', CONFIGS)
def test_only_landmarks_with_a_position_cost_anything(name, tmp_path):
    """Visible and occluded ones do, truncated and absent ones do not."""
    root = write_fld(tmp_path)
    convert(root, root / 'annotations')
    cfg = load(name)
    steps = [
        dict(type='LoadImage'),
        dict(type='GetBBoxCenterScale', padding=1.2),
        dict(type='TopdownAffine', input_size=cfg.codec.input_size),
        dict(type='GenerateTarget', encoder=cfg.codec),
        dict(type='PackLandmarkInputs'),
    ]
    dataset = DATASETS.build(
        dict(type='FLDDataset', data_root=str(root), pipeline=steps)
    )
    # the upper-body garment: no waistline, and its left sleeve is cut off
    states = [0, 1, 2, 0, -1, -1, 0, 1]
    sample = dataset[0]['data_samples']
    assert sample.gt_instances.landmark_visibility.tolist() == [states]
    known = [float(state in (0, 1)) for state in states]
    weights = sample.gt_instance_labels.keypoint_weights
    assert weights.tolist() == [known]

    head = MODELS.build(cfg.model.head.to_dict())
    outputs = outputs_of(head, cfg)
    head.forward = lambda feats: outputs if len(outputs) > 1 else outputs[0]
    samples = pseudo_collate([dataset[0], dataset[0]])['data_samples']
    head.loss((), samples)['loss_kpt'].backward()
    for output in outputs:
        cost = output.grad.flatten(2).abs().sum(-1)
        assert (cost > 0).float().tolist() == [known, known]
