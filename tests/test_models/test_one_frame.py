"""An oracle that sees a bright pixel gives its place, by whichever path."""

import numpy as np
import pytest
import torch
from mmengine.dataset import Compose
from mmengine.model import BaseModule
from mmpose.registry import MODELS, TRANSFORMS

from dfa_mm.models import DFAHead, MapDFAHead
from dfa_mm.models.heads import local_dfa_head
from dfa_mm.models.heads.local_dfa_head import LandmarkSampler
from dfa_mm.models.landmark_maps import decode_maps, draw_gaussians
from dfa_mm.structures import FLD_SETS

CROP, CELLS = 64, 32
# the box is the crop: pixel (23, 36) of it is (33, 50) of the picture
BOX, PIXEL = [10.0, 14, 74, 78], (33, 50)
FLIP = dict(type='LandmarkRandomFlip', direction='horizontal', prob=1.0)
LOWER = FLD_SETS['lower']

BOTH_HEADS = pytest.mark.parametrize('head', ['SeeingHead', 'SeeingMapHead'])
# of the frame, and of checkpoints that were trained before it was one
BOTH_FRAMES = pytest.mark.parametrize('pixel_centre', [0.5, 0.0])


@MODELS.register_module(force=True)
class ThePicture(BaseModule):
    def forward(self, x):
        return (x,)


def brightest(crops):
    """Pixel (B, 2) of each crop."""
    best = crops[:, 0].flatten(1).argmax(1)
    width = crops.shape[-1]
    return torch.stack([best % width, best // width], -1)


def places(head, crops):
    """(B, K, 2), as labels are made of pixels."""
    label = (brightest(crops) + head.decoder.pixel_centre) / CROP - 0.5
    return label[:, None].expand(-1, head.num_landmarks, 2)


@MODELS.register_module(force=True)
class SeeingHead(DFAHead):
    def _landmarks(self, x, previous):
        return places(self, self.seen)

    def forward(self, feats, previous=None):
        self.seen = feats[0]
        return super().forward(feats, previous)


@MODELS.register_module(force=True)
class SeeingMapHead(MapDFAHead):
    """Its mass lies round the place, whose cell j of M begins at j / M."""

    def forward(self, feats, previous=None):
        output = super().forward(feats, previous)
        cells = (places(self, feats[0]) + 0.5) * CELLS - 0.5
        x, y = cells[..., None, None, :].unbind(-1)
        grid = torch.arange(CELLS)
        maps = -((grid - x) ** 2) / 2 - (grid[:, None] - y) ** 2 / 2
        return output._replace(landmarks=decode_maps(maps), maps=maps)


def build(head, pixel_centre, flip_test=False):
    config = dict(
        type=head,
        in_channels=3,
        num_landmarks=len(LOWER),
        pool_size=1,
        fc_channels=(4, 4),
        decoder=codec(pixel_centre),
    )
    if head == 'SeeingMapHead':
        config['maps'] = dict(channels=4)
    return MODELS.build(
        dict(
            type='RoutingTopdownPoseEstimator',
            backbone=dict(type='ThePicture'),
            head=config,
            test_cfg=dict(flip_test=flip_test),
        )
    ).eval()


def codec(pixel_centre):
    return dict(
        type='LandmarkLabel',
        input_size=(CROP, CROP),
        pixel_centre=pixel_centre,
    )


def sample(pixel_centre, *transforms):
    """The picture's crop (1, 3, H, W) and its data sample."""
    image = np.zeros((90, 90, 3), np.uint8)
    image[PIXEL[1], PIXEL[0]] = 255
    steps = [
        dict(type='GetBBoxCenterScale', padding=1.0),
        *transforms,
        dict(type='TopdownAffine', input_size=(CROP, CROP)),
        dict(type='GenerateTarget', encoder=codec(pixel_centre)),
        dict(type='PackLandmarkInputs'),
    ]
    results = Compose([TRANSFORMS.build(step) for step in steps])(
        dict(
            img=image,
            img_shape=image.shape[:2],
            bbox=np.array([BOX], np.float32),
            bbox_score=np.ones(1),
            keypoints=np.array([[PIXEL] * len(LOWER)], float),
            keypoints_visible=np.ones((1, len(LOWER))),
            flip_indices=LOWER.flip_indices,
        )
    )
    return results['inputs'][None].float(), results['data_samples']


@torch.no_grad()
def found(model, crops, data_sample):
    """Landmarks in pixels of the picture, all alike."""
    model.predict(crops, [data_sample])
    keypoints = data_sample.pred_instances.keypoints[0]
    np.testing.assert_allclose(keypoints, keypoints[:1].repeat(4, 0))
    return keypoints[0]


@torch.no_grad()
@BOTH_HEADS
@BOTH_FRAMES
@pytest.mark.parametrize('transforms', [[], [FLIP]])
def test_labels_are_what_the_oracle_says(head, pixel_centre, transforms):
    crops, data_sample = sample(pixel_centre, *transforms)
    assert crops.max() == 255
    output = build(head, pixel_centre).stages[0](crops)
    label = data_sample.gt_instance_labels.keypoint_labels
    # a 1/64 is a pixel; what the maps' window cuts off is not symmetric
    assert (output.landmarks - label).abs().max() < 0.05 / CROP


@BOTH_HEADS
@BOTH_FRAMES
@pytest.mark.parametrize('flip_test', [False, True])
def test_prediction_is_the_pixel(head, pixel_centre, flip_test):
    model = build(head, pixel_centre, flip_test)
    crops, data_sample = sample(pixel_centre)
    place = found(model, crops, data_sample)
    np.testing.assert_allclose(place, PIXEL, atol=0.05)


@BOTH_HEADS
@BOTH_FRAMES
@pytest.mark.parametrize('flip_test', [False, True])
def test_prediction_of_the_mirrored_crop_is_the_mirrored_pixel(
    head, pixel_centre, flip_test
):
    model = build(head, pixel_centre, flip_test)
    crops, data_sample = sample(pixel_centre)
    place = found(model, crops.flip(-1), data_sample)
    # pixel 23 of 64 becomes 63 - 23 = 40, the picture's 50
    np.testing.assert_allclose(place, [50, PIXEL[1]], atol=0.05)


def test_drawn_landmark_is_brightest_where_its_pixel_is():
    crops, data_sample = sample(0.5)
    label = data_sample.gt_instance_labels.keypoint_labels
    drawn = draw_gaussians(label, CROP, CROP, 1.0)
    assert torch.equal(brightest(drawn[:, :1]), brightest(crops))
    torch.testing.assert_close(drawn.amax((2, 3)), torch.ones(1, len(LOWER)))


@torch.no_grad()
def test_sampler_looks_at_the_pixel_itself(monkeypatch):
    monkeypatch.setattr(local_dfa_head, 'GRID_SIZE', 1)
    crops, data_sample = sample(0.5)
    sampler = LandmarkSampler(1, len(LOWER), channels=1)
    torch.nn.init.ones_(sampler.fc.weight)
    torch.nn.init.zeros_(sampler.fc.bias)
    label = data_sample.gt_instance_labels.keypoint_labels
    seen = sampler(crops[:, :1], label)
    torch.testing.assert_close(seen, torch.full((1, len(LOWER)), 255.0))
