"""MMPose's inferencer for garments: any picture, boxes, real batches."""

from itertools import chain, islice, repeat
from pathlib import Path
from typing import Iterable, Iterator, List, Optional, Sequence, Union

import numpy as np
from mmengine.structures import InstanceData
from mmpose.apis.inferencers import Pose2DInferencer
from mmpose.evaluation.functional import nms
from mmpose.registry import INFERENCERS
from mmpose.structures import PoseDataSample, merge_data_samples
from torch import nn

from dfa_mm.engine.checkpoints import check_fits, state_of
from dfa_mm.models.weights import UNNAMED, naming
from dfa_mm.structures import CLOTHES_TYPES
from dfa_mm.visualization import FashionLandmarkVisualizer

from .default_model import checkpoint_beside, default_model_files
from .errors import InputError
from .garments import known_types
from .landmarks import (
    TYPE_CODES,
    clip_box,
    look_closer_at_all,
    predict,
    preprocess,
)
from .model import complete_setup
from .pictures import (
    VIDEO_SUFFIXES,
    as_picture,
    find_pictures,
    is_url,
    open_video,
    picture_name,
    read_picture,
)
from .predictions import complete, hidden_slots
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
      one for all.
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

    def _inputs_to_list(
        self, inputs: Union[Picture, Sequence[Picture]]
    ) -> Iterable:
        self._video_input = False
        if isinstance(inputs, np.ndarray):
            return [inputs]
        if not isinstance(inputs, (str, Path)):
            return list(inputs)
        path = str(inputs)
        if not is_url(path) and Path(path).suffix.lower() in VIDEO_SUFFIXES:
            open_video(path)  # for its error
            return super()._inputs_to_list(path)
        return find_pictures(path)

    def preprocess(
        self,
        inputs: Iterable[Picture],
        batch_size: int = 1,
        bboxes: Optional[Sequence] = None,
        **thresholds: float,
    ) -> Iterator[tuple]:
        """Yields dicts for :meth:`forward` and ``batch_size`` BGR pictures."""
        boxes_of_each = self._boxes_of_each(bboxes, inputs)
        numbered = zip(enumerate(inputs), boxes_of_each)
        while batch := list(islice(numbered, batch_size)):
            pictures, names, crops, whole = [], [], [], []
            for (i, source), boxes in batch:
                if isinstance(source, np.ndarray):
                    # named as in MMPose
                    image, name = as_picture(source), f'{i:06d}.jpg'
                else:
                    image, name = read_picture(str(source)), str(source)
                    name = picture_name(name) if is_url(name) else name
                pictures.append(image)
                names.append(name)
                crops.append(
                    self.preprocess_single(image, i, boxes, name, **thresholds)
                )
                whole.append(self.detector is None and boxes is None)
            batch = dict(crops=crops, pictures=pictures, names=names)
            yield dict(batch, whole=whole), pictures

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
        found = found[(found.bboxes[:, 2:] > found.bboxes[:, :2]).all(1)]
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
        if bboxes is None or len(bboxes) == 0:
            return repeat(None)
        if self._video_input or len(inputs) == 1:
            return repeat(_as_boxes(bboxes))
        if len(bboxes) != len(inputs):
            raise InputError(
                f'there are boxes for {len(bboxes)} pictures, but '
                f'{len(inputs)} pictures; give one entry per picture, None '
                'for a whole one'
            )
        return map(_as_boxes, bboxes)

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
        return found

    def postprocess(
        self, preds, visualization, return_datasamples=False, **kwargs
    ) -> dict:
        """Also writes files when data samples are returned."""
        results = super().postprocess(preds, visualization, **kwargs)
        if return_datasamples:
            results['predictions'] = list(preds)
        return results

    def visualize(self, inputs, preds, show_stages: bool = False, **kwargs):
        if isinstance(self.visualizer, FashionLandmarkVisualizer):
            self.visualizer.show_stages = show_stages
        elif show_stages:
            raise InputError(
                'only a FashionLandmarkVisualizer shows stages, but the '
                f"config's is a {type(self.visualizer).__name__}"
            )
        return super().visualize(inputs, preds, **kwargs)


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


def _as_boxes(boxes) -> Optional[np.ndarray]:
    """(N, 4) of one picture; ``None`` stands for the whole of it."""
    if boxes is None or len(boxes) == 0 or boxes[0] is None:
        return None
    try:
        return np.array(boxes, dtype=np.float32).reshape(-1, 4)
    except (TypeError, ValueError) as error:
        raise InputError(
            f'boxes are rows of x1 y1 x2 y2, not {boxes}'
        ) from error
