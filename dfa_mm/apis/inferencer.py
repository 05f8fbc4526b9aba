"""MMPose's inferencer for garments: any picture, boxes, real batches."""

import operator
from itertools import chain, count, islice, repeat
from pathlib import Path
from typing import Iterable, Iterator, List, Optional, Sequence, Union

import mmcv
import mmengine
import numpy as np
from mmengine.structures import InstanceData
from mmpose.apis.inferencers import Pose2DInferencer
from mmpose.evaluation.functional import nms
from mmpose.registry import INFERENCERS
from mmpose.structures import PoseDataSample, merge_data_samples
from torch import nn

from dfa_mm import pictures as picture_files
from dfa_mm.engine.checkpoints import check_fits, state_of
from dfa_mm.files import write_text
from dfa_mm.models.weights import UNNAMED, naming
from dfa_mm.names import shown
from dfa_mm.structures import CLOTHES_TYPES
from dfa_mm.visualization import FashionLandmarkVisualizer

from .boxes import boxes_of_many, boxes_of_one
from .default_model import checkpoint_beside, default_model_files
from .errors import InputError
from .garments import known_types
from .landmarks import (
    TYPE_CODES,
    can_show,
    clip_box,
    look_closer_at_all,
    predict,
    preprocess,
)
from .model import choose_device, complete_setup
from .outputs import (
    check_display,
    check_folder,
    check_not_an_input,
    output_stems,
)
from .pictures import (
    VIDEO_SUFFIXES,
    as_picture,
    check_picture,
    find_pictures,
    is_url,
    open_video,
    picture_name,
    read_picture,
    source_name,
)
from .predictions import complete, hidden_slots, keep_within
from .scope import kept_scope

# of a detector; boxes of a coat and of the trousers under it overlap by less
BBOX_THR, NMS_THR = 0.3, 0.7

Picture = Union[str, Path, np.ndarray]


@INFERENCERS.register_module()
class LandmarkInferencer(Pose2DInferencer):
    """:class:`Pose2DInferencer` that takes what people have.

    - Without a model it takes the one that comes with the package; a
      checkpoint that does not fit the config is an error.
    - Pictures may be files, folders, patterns, addresses or arrays, of any
      kind that :func:`read_picture` and :func:`as_picture` know.
    - ``bboxes`` are used (MMPose 1.3.2 puts the whole picture in their
      place): per picture (N, 4) or (4,) x1 y1 x2 y2 in pixels, or ``None``
      for the whole picture, or for what the detector finds in it; of a video
      one for all. No box means no garment.
    - Every result has ``images``, the pictures' names. No two pictures share
      a file: those of several folders keep their folders, ``x.jpg`` and
      ``x.png`` their suffixes. A file that would replace a picture is
      refused before the work.
    - ``batch_size`` pictures go through the network together, and every
      result holds the predictions of so many.
    - A garment found in a whole picture is looked at again, as in
      :func:`look_closer`; ``closer_look`` turns it off, or on for videos.
    - ``det_model`` may come without ``det_weights``, if they lie beside it as
      ``publish_model.py`` names them, and without ``det_cat_ids``: all. Where
      it finds nothing there is no garment (MMPose takes the whole picture).
      Of two boxes that overlap by an IoU of more than ``nms_thr``, 0.7 and
      not 0.3, one is dropped: trousers under a coat stay. If its classes are
      clothes types, they are told to the model, ``clothes_type`` (N,) of the
      instances has FLD's codes, and types that the model does not know are
      left out.
    - ``pred_out_dir`` goes with ``return_datasamples``.
    - ``show_stages`` draws the stages side by side.

    Results, other arguments and files are MMPose's.
    """

    preprocess_kwargs: set = {'bbox_thr', 'nms_thr', 'bboxes'}
    forward_kwargs: set = {'closer_look'}
    visualize_kwargs: set = Pose2DInferencer.visualize_kwargs | {'show_stages'}

    def __init__(
        self,
        model: Optional[str] = None,
        weights: Optional[str] = None,
        device: Optional[str] = None,
        *,
        det_model: Optional[str] = 'whole_image',
        **kwargs,
    ) -> None:
        if model is None and weights is None:
            model, weights = default_model_files()
        if model is None or weights is None:
            raise InputError(
                'a config and a checkpoint belong together: give both, or '
                f'neither for the default model, not {model} and {weights}'
            )
        if str(model).endswith('.py') and not Path(model).is_file():
            raise InputError(f'there is no config {shown(model)}')
        if device is not None:
            device = choose_device(device)
        with naming(weights):
            super().__init__(
                model, weights, device, det_model=det_model, **kwargs
            )

    def _init_detector(
        self,
        det_model: Optional[str] = None,
        det_weights: Optional[str] = None,
        det_cat_ids: Optional[Sequence[int]] = None,
        device: Optional[str] = None,
    ) -> None:
        if det_weights is None and Path(str(det_model)).is_file():
            det_weights = checkpoint_beside(Path(det_model))
            if det_weights is None:
                raise InputError(
                    f'there is no {Path(det_model).stem}-*.pth beside '
                    f'{det_model}: give det_weights'
                )
        with kept_scope():
            super()._init_detector(det_model, det_weights, det_cat_ids, device)
        if self.detector is not None and det_cat_ids is None:
            classes = self.detector.model.dataset_meta['classes']
            self.det_cat_ids = tuple(range(len(classes)))

    def _load_weights_to_model(
        self, model: nn.Module, checkpoint: dict, cfg
    ) -> None:
        check_fits(model, state_of(checkpoint), UNNAMED)
        super()._load_weights_to_model(model, checkpoint, cfg)
        complete_setup(model, cfg, checkpoint)

    def __call__(
        self,
        inputs: Union[Picture, Sequence[Picture]],
        return_datasamples: bool = False,
        batch_size: int = 1,
        out_dir: Optional[str] = None,
        **kwargs,
    ) -> Iterator[dict]:
        """What is wrong with the arguments is told at once.

        Raises:
            InputError: Names a picture, a box, a size or a folder.
        """
        _check_batch_size(batch_size)
        if out_dir is not None:
            kwargs.setdefault('vis_out_dir', f'{out_dir}/visualizations')
            kwargs.setdefault('pred_out_dir', f'{out_dir}/predictions')
        webcam = isinstance(inputs, str) and inputs.startswith('webcam')
        if webcam or kwargs.get('show'):
            check_display()
        if not webcam:
            listed = self._inputs_to_list(inputs)
            if not self._video_input:
                inputs = listed
                self._check_outputs(inputs, **kwargs)
                self._check_boxes(kwargs.get('bboxes'), inputs)
        return super().__call__(
            inputs, return_datasamples, batch_size, **kwargs
        )

    def _inputs_to_list(
        self, inputs: Union[Picture, Sequence[Picture]]
    ) -> Iterable:
        self._video_input = False
        if isinstance(inputs, np.ndarray):
            return [as_picture(inputs)]
        if isinstance(inputs, (list, tuple)):
            return [_check_input(one, i) for i, one in enumerate(inputs, 1)]
        path = source_name(inputs)
        if not is_url(path) and Path(path).suffix.lower() in VIDEO_SUFFIXES:
            open_video(path)  # for its error
            return super()._inputs_to_list(path)
        return [_check_input(file) for file in find_pictures(path)]

    def _check_outputs(
        self,
        inputs: Sequence[Picture],
        vis_out_dir: str = '',
        pred_out_dir: str = '',
        **_,
    ) -> None:
        sources = [str(i) for i in inputs if not isinstance(i, np.ndarray)]
        stems = output_stems(_names(inputs))
        for folder in filter(None, (vis_out_dir, pred_out_dir)):
            check_folder(folder)
        drawn = map(_drawing, stems, _names(inputs))
        if vis_out_dir:
            drawn = [Path(vis_out_dir, name) for name in drawn]
            check_not_an_input(drawn, sources)
        if pred_out_dir:
            told = [Path(pred_out_dir, f'{stem}.json') for stem in stems]
            check_not_an_input(told, sources)

    def _check_boxes(self, bboxes, inputs: Sequence[Picture]) -> None:
        if len(inputs):
            self._boxes_of_each(bboxes, inputs)

    def preprocess(
        self,
        inputs: Iterable[Picture],
        batch_size: int = 1,
        bboxes: Optional[Sequence] = None,
        **thresholds: float,
    ) -> Iterator[tuple]:
        """Yields dicts for :meth:`forward` and ``batch_size`` BGR pictures."""
        boxes_of_each = self._boxes_of_each(bboxes, inputs)
        names_and_stems = self._names_and_stems(inputs)
        numbered = zip(enumerate(inputs), boxes_of_each, names_and_stems)
        while batch := list(islice(numbered, batch_size)):
            pictures, names, stems, crops, whole = [], [], [], [], []
            for (i, source), boxes, (name, stem) in batch:
                is_array = isinstance(source, np.ndarray)
                image = (
                    as_picture(source) if is_array else read_picture(source)
                )
                stems.append(stem)
                pictures.append(image)
                names.append(name)
                crops.append(
                    self.preprocess_single(image, i, boxes, name, **thresholds)
                )
                whole.append(
                    self.detector is None
                    and boxes is None
                    and len(crops[-1]) > 0
                )
            yield (
                dict(
                    crops=crops,
                    pictures=pictures,
                    names=names,
                    stems=stems,
                    whole=whole,
                ),
                pictures,
            )

    def _names_and_stems(self, inputs: Iterable[Picture]) -> Iterable:
        """Of frames of a video, which are not known before, their numbers."""
        if self._video_input:
            frames = (f'{i:06d}.jpg' for i in count())
            return ((name, name) for name in frames)
        names = _names(inputs)
        return zip(names, output_stems(names))

    def preprocess_single(
        self,
        input: np.ndarray,
        index: int,
        bboxes: Optional[np.ndarray],
        name: str,
        **thresholds: float,
    ) -> List[dict]:
        """The crops of one picture: its boxes, detected ones, or all of it."""
        if bboxes is None and self.detector is not None:
            return self._detected(input, name, **thresholds)
        if bboxes is None and not can_show(input):
            return []
        given = [None] if bboxes is None else bboxes
        boxes = [clip_box(box, input, name) for box in given]
        return preprocess(self.model, input, boxes, name)

    def _detected(
        self,
        image: np.ndarray,
        name: str,
        bbox_thr: float = BBOX_THR,
        nms_thr: float = NMS_THR,
    ) -> List[dict]:
        """The crops of what the detector finds in a picture."""
        (sample,) = self.detector(image, return_datasamples=True)[
            'predictions'
        ]
        found = sample.pred_instances.cpu().numpy()
        found = found[found.scores > bbox_thr]
        found = found[np.isin(found.labels, self.det_cat_ids)]
        sides = found.bboxes[:, 2:] - found.bboxes[:, :2]
        found = found[(sides >= 1).all(1)]  # pixel
        boxes = np.column_stack([found.bboxes, found.scores])
        found = found[np.array(nms(boxes, nms_thr), int)]
        classes = self.detector.model.dataset_meta['classes']
        types = [classes[label] for label in found.labels]
        if not set(classes) <= set(CLOTHES_TYPES.values()):
            types = [None] * len(types)
        known = [None, *known_types(self.model.dataset_meta)]
        kept = [i for i, kind in enumerate(types) if kind in known]
        types = [types[i] for i in kept]
        boxes, scores = found.bboxes[kept], found.scores[kept].tolist()
        crops = preprocess(self.model, image, boxes, name, types, scores)
        for crop, kind in zip(crops, types):
            if kind is not None:  # whatever the pipeline packs
                code = dict(clothes_type=TYPE_CODES[kind])
                crop['data_samples'].set_metainfo(code)
        return crops

    def _boxes_of_each(self, bboxes, inputs) -> Iterable:
        """Per picture its boxes (N, 4), or ``None`` where none are given."""
        if bboxes is None:
            return repeat(None)
        if self._video_input or len(inputs) == 1:
            return repeat(boxes_of_one(bboxes))
        return boxes_of_many(bboxes, len(inputs))

    def forward(
        self, inputs: dict, closer_look: Optional[bool] = None
    ) -> List[PoseDataSample]:
        """One data sample per picture, with all of its garments.

        By default those of videos are not looked at again.
        """
        crops = inputs['crops']
        samples = predict(self.model, list(chain.from_iterable(crops)))
        for sample in samples:
            _tell_type(sample, self.model.dataset_meta)
        samples = iter(samples)
        found = [
            merge_data_samples(list(islice(samples, len(each))))
            if each
            else _no_garment(image, name, self.model.dataset_meta)
            for each, image, name in zip(
                crops, inputs['pictures'], inputs['names']
            )
        ]
        if closer_look is None:
            closer_look = not self._video_input
        if closer_look:
            whole = np.flatnonzero(inputs['whole'])
            closer = look_closer_at_all(
                self.model,
                [inputs['pictures'][i] for i in whole],
                [found[i].pred_instances for i in whole],
            )
            for i, pred in zip(whole, closer):
                found[i].pred_instances = pred
        told = (inputs[key] for key in ('pictures', 'names', 'stems'))
        for sample, image, name, stem in zip(found, *told):
            keep_within(sample.pred_instances, image.shape[1::-1])
            sample.set_metainfo(dict(img_path=name, output_stem=stem))
        return found

    def postprocess(
        self,
        preds: List[PoseDataSample],
        visualization: List[np.ndarray],
        return_datasamples: bool = False,
        pred_out_dir: str = '',
        **kwargs,
    ) -> dict:
        """Also writes files when data samples are returned."""
        # of a video MMPose gathers all frames for one file
        gathered = pred_out_dir if self._video_input else ''
        results = super().postprocess(
            preds, visualization, pred_out_dir=gathered, **kwargs
        )
        results['images'] = [pred.metainfo['img_path'] for pred in preds]
        if pred_out_dir and not self._video_input:
            for pred, instances in zip(preds, results['predictions']):
                path = f'{pred.metainfo["output_stem"]}.json'
                write_text(
                    Path(pred_out_dir, path),
                    mmengine.dump(instances, None, 'json', indent='  '),
                )
        if return_datasamples:
            results['predictions'] = list(preds)
        return results

    def visualize(
        self,
        inputs: list,
        preds: List[PoseDataSample],
        show_stages: bool = False,
        return_vis: bool = False,
        vis_out_dir: str = '',
        **kwargs,
    ) -> Optional[List[np.ndarray]]:
        if isinstance(self.visualizer, FashionLandmarkVisualizer):
            self.visualizer.show_stages = show_stages
        elif show_stages:
            raise InputError(
                'only a FashionLandmarkVisualizer shows stages, but the '
                f"config's is a {type(self.visualizer).__name__}"
            )
        if self._video_input:
            kwargs.update(return_vis=return_vis, vis_out_dir=vis_out_dir)
            return super().visualize(inputs, preds, **kwargs)
        drawn = super().visualize(
            inputs, preds, return_vis=return_vis or bool(vis_out_dir), **kwargs
        )
        if vis_out_dir:
            for pred, image in zip(preds, drawn):
                info = pred.metainfo
                name = _drawing(info['output_stem'], info['img_path'])
                picture_files.write(
                    Path(vis_out_dir, name), mmcv.rgb2bgr(image)
                )
        return drawn if return_vis else []


def _check_batch_size(batch_size: int) -> None:
    try:
        valid = operator.index(batch_size) > 0
    except TypeError:
        valid = False
    if not valid:
        raise InputError(
            f'batch_size is {batch_size!r}; expected a number from 1'
        )


def _check_input(one: Picture, number: Optional[int] = None) -> Picture:
    """One picture of many, before the first is looked at."""
    place = '' if number is None else f'picture {number}, '
    if isinstance(one, np.ndarray):
        return as_picture(one, f'{place}the array')
    if not isinstance(one, (str, Path)):
        raise InputError(
            f'{place}a {type(one).__name__}, is no picture; expected the name '
            'of a file, an address, or an array (H, W, 3) in BGR'
        )
    check_picture(one)
    return str(one)


def _names(inputs: Iterable[Picture]) -> List[str]:
    """Files and addresses as they were given, arrays as MMPose does."""
    return [
        f'{i:06d}.jpg' if isinstance(one, np.ndarray) else str(one)
        for i, one in enumerate(inputs)
    ]


def _drawing(stem: str, name: str) -> str:
    """The drawing's name: of the picture's kind, if that can be written."""
    suffix = Path(picture_name(name)).suffix
    if stem.endswith(suffix) and suffix:
        return stem if picture_files.can_write(stem) else f'{stem}.png'
    kept = picture_files.can_write(f'a{suffix}')
    return f'{stem}{suffix if kept else ".png"}'


def _tell_type(sample: PoseDataSample, meta: dict) -> None:
    """What a crop was said to be becomes a part of its one instance."""
    code = sample.metainfo.get('clothes_type')
    if code is None:
        return
    pred = sample.pred_instances
    complete(pred, hidden_slots(meta, CLOTHES_TYPES[code]))
    pred.clothes_type = np.array([code])


def _no_garment(image: np.ndarray, name: str, meta: dict) -> PoseDataSample:
    """The prediction of a picture in which there is nothing."""
    count = meta['num_keypoints']
    none = InstanceData(
        bboxes=np.zeros((0, 4), np.float32),
        bbox_scores=np.zeros(0, np.float32),
        keypoints=np.zeros((0, count, 2)),
        keypoint_scores=np.zeros((0, count)),
        keypoints_visible=np.zeros((0, count)),
        landmark_visibility=np.zeros((0, count), int),
    )
    info = dict(img_path=name, ori_shape=image.shape[:2])
    return PoseDataSample(metainfo=info, pred_instances=none)
