import json
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from demo_files import read_video, write_video
from mmengine.structures import InstanceData
from mmpose.apis import inference_topdown
from mmpose.registry import INFERENCERS
from PIL import Image

from dfa_mm.apis import (
    InputError,
    LandmarkInferencer,
    find_landmarks,
    load_model,
)
from dfa_mm.apis.predictions import keep_within
from dfa_mm.engine.checkpoints import CheckpointMismatchError

TOLERANCE = 1e-3  # pixels
BOX = [10, 20, 90, 100]


@pytest.fixture(scope='module')
def inferencer(cascade):
    return INFERENCERS.build(
        dict(
            type='LandmarkInferencer',
            model=cascade.config,
            weights=cascade.checkpoint,
            device='cpu',
        )
    )


@pytest.fixture(scope='module')
def model(cascade):
    return load_model(cascade.config, cascade.checkpoint)


@pytest.fixture
def photos(fld_root):
    return [str(fld_root / f'img/img_0000000{i}.jpg') for i in range(1, 6)]


def infer(inferencer, inputs, **options):
    """The instances of every picture, and how large the batches were."""
    options = {'closer_look': False, **options}
    results = list(inferencer(inputs, return_datasamples=True, **options))
    batches = [result['predictions'] for result in results]
    found = [sample.pred_instances for batch in batches for sample in batch]
    return found, [len(batch) for batch in batches]


def assert_same(found, expected):
    for key in ('keypoints', 'stage_keypoints', 'visibility_scores'):
        np.testing.assert_allclose(found[key], expected[key], atol=TOLERANCE)
    for key in ('landmark_visibility', 'stage_visibility', 'branch'):
        np.testing.assert_array_equal(found[key], expected[key])


def test_as_init_model(inferencer, model, photos):
    for photo in photos[:2]:
        (found,), _ = infer(inferencer, photo)
        image = cv2.imread(photo)
        assert_same(found, inference_topdown(model, image)[0].pred_instances)
        (again,), _ = infer(inferencer, image)
        assert_same(again, found)


def test_a_batch_is_one_by_one(inferencer, photos):
    alone = [infer(inferencer, photo)[0][0] for photo in photos]
    assert {int(pred.branch[0]) for pred in alone} == {0, 1}
    together, sizes = infer(inferencer, photos, batch_size=2)
    assert sizes == [2, 2, 1]
    for found, expected in zip(together, alone):
        assert_same(found, expected)


def test_boxes_of_one_picture(inferencer, model, photos):
    image = cv2.imread(photos[0])
    other = [0, 0, 60, 128]
    boxes = np.array([BOX, other], np.float32)
    expected = inference_topdown(model, image, boxes)
    for sample in expected:
        keep_within(sample.pred_instances, image.shape[1::-1])
    (found,), _ = infer(inferencer, photos[0], bboxes=[BOX, other])
    np.testing.assert_array_equal(found.bboxes, boxes)
    for i, sample in enumerate(expected):
        assert_same(found[i], sample.pred_instances)
    (single,), _ = infer(inferencer, photos[0], bboxes=[BOX])
    assert_same(single, expected[0].pred_instances)
    (array,), _ = infer(inferencer, image, bboxes=boxes[:1])
    assert_same(array, expected[0].pred_instances)


def test_boxes_of_many_pictures(inferencer, photos):
    boxes = [None, [BOX, [0, 0, 60, 128]], BOX]
    found, _ = infer(inferencer, photos[:3], bboxes=boxes, batch_size=3)
    assert [len(pred) for pred in found] == [1, 2, 1]
    height, width = cv2.imread(photos[0]).shape[:2]
    assert found[0].bboxes.tolist() == [[0, 0, width, height]]
    (alone,), _ = infer(inferencer, photos[1], bboxes=boxes[1])
    assert_same(found[1], alone)


def test_refuses_boxes_that_do_not_fit(inferencer, photos):
    with pytest.raises(InputError, match='boxes for 1 pictures, but 2'):
        infer(inferencer, photos[:2], bboxes=[BOX])
    with pytest.raises(InputError, match='img_00000001.jpg, which is '):
        infer(inferencer, photos[0], bboxes=[[50, 20, 40, 90]])


ROW = [[10, 20, 90, 100]]
WRONG_BOXES = [
    ([[1, 2, 3]], r'shape \(1, 3\); expected rows of x1 y1 x2 y2'),
    (np.array([[*BOX, 0.9]] * 4), r'\(4, 5\).*leave out the scores'),
    (np.array([[*BOX, 0.9, 0]] * 2), r'\(2, 6\).*boxes\[:, :4\]'),
    (np.zeros((2, 1, 4)), r'shape \(2, 1, 4\)'),
    ([[float('nan'), 0, 10, 10]], 'not finite'),
    ([[0.05, 0.05, 0.9, 0.95]], 'less than a pixel.*not shares'),
    ([[20, 20, 20.4, 20.3]], 'less than a pixel'),
    ([[500, 500, 600, 600]], 'covers nothing'),
    ([dict(x1=1, y1=2, x2=3, y2=4)], 'boxes are .*x1.*expected rows'),
    ([['10', '20', '90', '100']], 'expected rows'),
    ({(10, 20, 90, 100)}, 'expected rows'),
    ('10 20 90 100', 'boxes are 10 20 90 100; expected rows'),
    (7, 'expected rows'),
    ([[10, 20], [30]], 'expected rows'),
]


@pytest.mark.parametrize(('boxes', 'words'), WRONG_BOXES)
def test_refuses_what_is_no_box_in_one_line(inferencer, photos, boxes, words):
    with pytest.raises(InputError, match=words) as caught:
        infer(inferencer, photos[0], bboxes=boxes)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
    ('boxes', 'words'),
    [
        (BOX, 'one box for 2 pictures'),
        (np.array(BOX), 'one box for 2 pictures'),
        ([], 'boxes for 0 pictures, but 2'),
        ([BOX, [1, 2, 3]], 'of picture 2, boxes have the shape'),
        ('ab', 'for 2 pictures; give one entry'),
    ],
)
def test_refuses_boxes_of_many_before_the_first(
    inferencer, photos, boxes, words
):
    with pytest.raises(InputError, match=words):
        inferencer(photos[:2], bboxes=boxes)


def test_boxes_as_detectors_give_them(inferencer, photos):
    (expected,), _ = infer(inferencer, photos[0], bboxes=ROW)
    for boxes in (BOX, np.array(ROW), torch.tensor(ROW), [ROW], [BOX]):
        (found,), _ = infer(inferencer, photos[0], bboxes=boxes)
        assert_same(found, expected)
    two, _ = infer(inferencer, photos[:2], bboxes=np.array(ROW * 2))
    assert_same(two[0], expected)


def test_no_box_is_no_garment(inferencer, photos):
    for none in ([], [[]], np.zeros((0, 4)), torch.zeros(0, 4)):
        (found,), _ = infer(inferencer, photos[0], bboxes=none)
        assert len(found) == 0
    nobody = [np.zeros((0, 4)), [], ROW, None]
    found, _ = infer(inferencer, photos[:4], bboxes=nobody, batch_size=3)
    assert [len(each) for each in found] == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ('inputs', 'words'),
    [
        (Image.new('RGB', (9, 9)), 'Image is no name of a picture'),
        ([Image.new('RGB', (9, 9))], 'picture 1, a Image, is no picture'),
        (torch.zeros(9, 9, 3, dtype=torch.uint8), 'Tensor is no name'),
        (b'bytes of a file', 'bytes is no name'),
        (None, 'NoneType is no name'),
        (np.zeros((9, 9, 3)), r'float64 \(9, 9, 3\)'),
        ([np.zeros((2, 9, 9, 3), np.uint8)], 'picture 1, the array is uint8'),
        (['none.jpg'], 'there is no file none.jpg'),
        (['clip.mp4'], 'clip.mp4 is a video'),
    ],
)
def test_refuses_what_is_no_picture_before_the_first(
    inferencer, inputs, words
):
    with pytest.raises(InputError, match=words) as caught:
        inferencer(inputs)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('size', [0, -1, 1.5, '2', None])
def test_refuses_a_batch_of_none(inferencer, photos, size):
    with pytest.raises(InputError, match='batch_size is'):
        inferencer(photos, batch_size=size)


def test_results_tell_their_pictures(inferencer, photos):
    array = cv2.imread(photos[0])
    results = list(inferencer([photos[0], array, photos[1]], batch_size=2))
    assert [result['images'] for result in results] == [
        [photos[0], '000001.jpg'],
        [photos[1]],
    ]
    assert list(inferencer([])) == []


def test_no_two_pictures_share_a_result(inferencer, tmp_path):
    names = ['a/front.jpg', 'b/front.jpg', 'x.jpg', 'x.png', 'y.gif']
    for name in names:
        (tmp_path / 'in' / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new('RGB', (60, 40)).save(tmp_path / 'in' / name)
    pattern = str(tmp_path / 'in/**/*.*')
    results = list(inferencer(pattern, out_dir=str(tmp_path / 'out')))
    assert len(results) == 5
    found = {
        str(path.relative_to(tmp_path / 'out'))
        for path in (tmp_path / 'out').rglob('*.*')
    }
    assert found == {
        *('predictions/a/front.json', 'predictions/b/front.json'),
        *('predictions/x.jpg.json', 'predictions/x.png.json'),
        *('visualizations/a/front.jpg', 'visualizations/b/front.jpg'),
        *('visualizations/x.jpg', 'visualizations/x.png'),
        *('predictions/y.json', 'visualizations/y.png'),
    }


def test_no_result_replaces_a_picture(inferencer, tmp_path):
    Image.new('RGB', (60, 40)).save(tmp_path / 'x.jpg')
    before = (tmp_path / 'x.jpg').read_bytes()
    (tmp_path / 'link').symlink_to(tmp_path)
    for folder in (tmp_path, tmp_path / 'link'):
        with pytest.raises(InputError, match='would replace the input'):
            inferencer(str(tmp_path / 'x.jpg'), vis_out_dir=str(folder))
    assert (tmp_path / 'x.jpg').read_bytes() == before
    with pytest.raises(InputError, match='nothing can be written'):
        inferencer(
            str(tmp_path / 'x.jpg'), pred_out_dir=str(tmp_path / 'x.jpg/a')
        )


@pytest.fixture
def upper_left(monkeypatch):
    """Where garments are said to be, but for pictures of another size."""
    box = np.array([0, 0, 60, 60], np.float32)

    def box_or_none(pred, image, margin):
        return box if image.shape[1] < 200 else None

    monkeypatch.setattr(
        'dfa_mm.apis.landmarks.box_round_landmarks', box_or_none
    )
    return box


def test_looks_again_where_a_garment_was_found(
    inferencer, model, photos, upper_left, tmp_path
):
    wide = tmp_path / 'wide.png'
    cv2.imwrite(str(wide), np.full((100, 200, 3), 90, np.uint8))
    sources = [photos[0], str(wide), photos[1], photos[2]]
    boxes = [None, None, BOX, None]
    options = dict(bboxes=boxes, batch_size=4)
    once, _ = infer(inferencer, sources, **options)
    found, _ = infer(inferencer, sources, closer_look=True, **options)
    by_default, _ = infer(inferencer, sources, closer_look=None, **options)
    for untouched in (1, 2):
        assert_same(found[untouched], once[untouched])
        np.testing.assert_array_equal(
            found[untouched].bboxes, once[untouched].bboxes
        )
    for i in (0, 3):
        image = cv2.imread(sources[i])
        (sample,) = inference_topdown(model, image, upper_left[None])
        second = sample.pred_instances
        np.testing.assert_array_equal(found[i].bboxes, upper_left[None])
        for field in ('keypoints', 'stage_keypoints'):
            mean = (once[i][field] + second[field]) / 2
            np.testing.assert_allclose(found[i][field], mean, atol=TOLERANCE)
        np.testing.assert_allclose(
            found[i].visibility_scores, second.visibility_scores, atol=1e-4
        )
        assert_same(by_default[i], found[i])


def test_looks_once_at_the_frames_of_a_video(inferencer, upper_left, tmp_path):
    write_video(tmp_path / 'clip.mp4', count=1)
    clip = str(tmp_path / 'clip.mp4')
    once, _ = infer(inferencer, clip)
    by_default, _ = infer(inferencer, clip, closer_look=None)
    assert_same(by_default[0], once[0])
    twice, _ = infer(inferencer, clip, closer_look=True)
    np.testing.assert_array_equal(twice[0].bboxes, upper_left[None])


TOP, SKIRT = [10.0, 5, 90, 60], [12.0, 50, 88, 120]


class Detector:
    """Sees what it is told to, whatever it is shown."""

    def __init__(self, classes, *rows):
        self.model = SimpleNamespace(dataset_meta=dict(classes=classes))
        boxes, labels, scores = zip(*rows) if rows else ((), (), ())
        self.found = InstanceData(
            bboxes=torch.tensor(boxes).reshape(-1, 4),
            labels=torch.tensor(labels, dtype=torch.long),
            scores=torch.tensor(scores),
        )

    def __call__(self, image, return_datasamples):
        assert image.shape[2] == 3
        return dict(predictions=[SimpleNamespace(pred_instances=self.found)])


@pytest.fixture
def with_detector(inferencer, monkeypatch):
    """The inferencer with a detector of these classes that sees these."""

    def give(*args, det_cat_ids=(0, 1, 2)):
        monkeypatch.setattr(inferencer, 'detector', Detector(*args))
        monkeypatch.setattr(
            inferencer, 'det_cat_ids', det_cat_ids, raising=False
        )
        return inferencer

    return give


CLOTHES = 'upper', 'lower', 'full'


def test_every_garment_that_the_detector_finds(with_detector, model, photos):
    inferencer = with_detector(
        CLOTHES,
        (TOP, 0, 0.75),
        (SKIRT, 1, 0.5),
        # of a type that the model knows, but too unsure
        ([0.0, 0, 20, 20], 2, 0.2),
        # IoU 40 / 55 with the skirt: the same once more
        ([12.0, 50, 88, 105], 2, 0.4),
        # beside the picture
        ([0.0, 0, 0, 20], 0, 0.9),
    )
    (found,), _ = infer(inferencer, photos[0])
    np.testing.assert_array_equal(found.bboxes, [TOP, SKIRT])
    np.testing.assert_allclose(found.bbox_scores, [0.75, 0.5])
    assert found.clothes_type.tolist() == [1, 2]
    image = cv2.imread(photos[0])
    for i, (box, kind) in enumerate([(TOP, 'upper'), (SKIRT, 'lower')]):
        alone = find_landmarks(model, image, box, kind)
        assert_same(found[i], alone)
    # a box is believed, whatever the detector sees
    (given,), _ = infer(inferencer, photos[0], bboxes=[BOX])
    assert given.bboxes.tolist() == [BOX]


def test_thresholds_and_classes_are_mmposes(with_detector, photos):
    two = [(TOP, 0, 0.75), ([10.0, 5, 90, 95], 1, 0.5)]  # IoU 55 / 90
    inferencer = with_detector(CLOTHES, *two)
    for options, count in (
        ({}, 2),
        (dict(nms_thr=0.6), 1),
        (dict(bbox_thr=0.6), 1),
    ):
        (found,), _ = infer(inferencer, photos[0], **options)
        assert len(found) == count
    (found,), _ = infer(
        with_detector(CLOTHES, *two, det_cat_ids=(1,)), photos[0]
    )
    assert found.clothes_type.tolist() == [2]


def test_a_detector_of_other_things_tells_no_type(
    with_detector, model, photos
):
    inferencer = with_detector(('person',), (TOP, 0, 0.75))
    (found,), _ = infer(inferencer, photos[0])
    assert 'clothes_type' not in found
    image = cv2.imread(photos[0])
    assert_same(found, find_landmarks(model, image, TOP))


def test_where_nothing_is_found_there_is_no_garment(
    with_detector, photos, tmp_path
):
    inferencer = with_detector(CLOTHES)
    options = dict(
        bboxes=[BOX, None], batch_size=2, out_dir=str(tmp_path / 'out')
    )
    found, _ = infer(
        inferencer, photos[:2], closer_look=True, show_stages=True, **options
    )
    assert [len(each) for each in found] == [1, 0]
    path = tmp_path / 'out/predictions/img_00000002.json'
    assert json.loads(path.read_text()) == []
    drawn = tmp_path / 'out/visualizations/img_00000002.jpg'
    assert cv2.imread(str(drawn)).shape == cv2.imread(photos[1]).shape
    plain = next(inferencer(photos[1]))['predictions']
    assert plain == [[]]


def test_the_type_reaches_the_json(with_detector, photos, tmp_path):
    inferencer = with_detector(CLOTHES, (SKIRT, 1, 0.5))
    infer(inferencer, photos[0], pred_out_dir=str(tmp_path))
    (skirt,) = json.loads((tmp_path / 'img_00000001.json').read_text())
    assert skirt['clothes_type'] == 2
    assert skirt['landmark_visibility'][:4] == [-1] * 4


def test_detector_without_a_checkpoint_beside_it(cascade):
    with pytest.raises(InputError, match=r'no config-\*\.pth beside'):
        LandmarkInferencer(
            cascade.config,
            cascade.checkpoint,
            device='cpu',
            det_model=cascade.config,
        )


def test_kinds_of_pictures(inferencer, photos, tmp_path):
    grey = cv2.imread(photos[0], cv2.IMREAD_GRAYSCALE)[:100, :60]
    colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    expected = infer(inferencer, colour)[0][0]
    alpha = np.dstack([colour, np.full_like(grey, 255)])
    deep = grey.astype(np.uint16) * 256
    for name, array in dict(grey=grey, alpha=alpha, deep=deep).items():
        cv2.imwrite(str(tmp_path / f'{name}.png'), array)
        for source in (array, str(tmp_path / f'{name}.png')):
            assert_same(infer(inferencer, source)[0][0], expected)
    exif = Image.Exif()
    exif[0x112] = 6
    turned = Image.fromarray(colour).transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / 'turned.png', exif=exif)
    upright = infer(inferencer, str(tmp_path / 'turned.png'))[0][0]
    assert_same(upright, expected)
    assert upright.bboxes.tolist() == [[0, 0, 60, 100]]


@pytest.mark.parametrize('size', [(8, 8), (4, 300), (3000, 4000)])
def test_tiny_and_huge_pictures(inferencer, size):
    image = np.full((*size, 3), 128, np.uint8)
    image[size[0] // 4 :, size[1] // 4 :] = 30
    (found,), _ = infer(inferencer, image)
    assert np.isfinite(found.stage_keypoints).all()
    assert found.bboxes.tolist() == [[0, 0, size[1], size[0]]]


@pytest.mark.parametrize('size', [(1, 300), (3, 400), (1, 1), (5000, 4)])
def test_in_a_thread_of_a_picture_there_is_no_garment(inferencer, size):
    (found,), _ = infer(inferencer, np.full((*size, 3), 90, np.uint8))
    assert len(found) == 0


def test_a_folder_with_a_broken_file_names_it(inferencer, photos, tmp_path):
    cv2.imwrite(str(tmp_path / 'a.jpg'), cv2.imread(photos[0]))
    (tmp_path / 'notes.txt').write_text('no picture')
    assert len(infer(inferencer, str(tmp_path))[0]) == 1
    (tmp_path / 'b.jpg').write_text('no picture')
    with pytest.raises(InputError, match='b.jpg cannot be read'):
        infer(inferencer, str(tmp_path))
    with pytest.raises(InputError, match='no file .*missing.jpg'):
        infer(inferencer, str(tmp_path / 'missing.jpg'))
    with pytest.raises(InputError, match='no video .*missing.mp4'):
        infer(inferencer, str(tmp_path / 'missing.mp4'))


def test_saved_json_tells_everything(inferencer, photos, tmp_path):
    found, _ = infer(
        inferencer, photos[:2], pred_out_dir=str(tmp_path), batch_size=2
    )
    for i, pred in enumerate(found, start=1):
        path = tmp_path / f'img_0000000{i}.json'
        (written,) = json.loads(path.read_text())
        assert written['branch'] == pred.branch[0]
        states = pred.landmark_visibility[0].tolist()
        assert written['landmark_visibility'] == states
        for key in ('visibility_scores', 'stage_keypoints', 'pseudo_label'):
            np.testing.assert_allclose(
                written[key], pred[key][0], atol=TOLERANCE
            )


def test_stages_side_by_side(inferencer, photos, tmp_path):
    folder = tmp_path / 'vis'
    result = next(
        inferencer(
            photos[0],
            vis_out_dir=str(folder),
            return_vis=True,
            show_stages=True,
        )
    )
    height, width = cv2.imread(photos[0]).shape[:2]
    assert result['visualization'][0].shape == (height, 3 * width, 3)
    written = cv2.imread(str(folder / 'img_00000001.jpg'))
    assert written.shape == (height, 3 * width, 3)
    (plain,) = next(inferencer(photos[0], return_vis=True))['visualization']
    assert plain.shape == (height, width, 3)


def test_a_video_with_one_box_for_all_frames(inferencer, tmp_path):
    write_video(tmp_path / 'clip.mp4', count=3)
    options = dict(bboxes=[BOX], batch_size=2, out_dir=str(tmp_path / 'out'))
    results = list(inferencer(str(tmp_path / 'clip.mp4'), **options))
    assert [len(result['predictions']) for result in results] == [2, 1]
    path = tmp_path / 'out/predictions/clip.json'
    frames = json.loads(path.read_text())
    assert [frame['frame_id'] for frame in frames] == [0, 1, 2]
    assert all('branch' in frame['instances'][0] for frame in frames)
    drawn, _ = read_video(tmp_path / 'out/visualizations/clip.mp4')
    assert len(drawn) == 3


def test_refuses_a_model_that_is_not_whole(cascade, upper_cascade):
    with pytest.raises(CheckpointMismatchError, match='does not fit'):
        LandmarkInferencer(
            cascade.config, upper_cascade.checkpoint, device='cpu'
        )
    with pytest.raises(InputError, match='give both, or neither'):
        LandmarkInferencer(cascade.config)
