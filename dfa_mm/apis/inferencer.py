"""MMPose's inferencer for garments: any picture, boxes, real batches."""

from itertools import islice
from pathlib import Path
from typing import Iterable, Iterator, List, Optional, Sequence, Union

import numpy as np
from mmpose.apis.inferencers import Pose2DInferencer
from mmpose.registry import INFERENCERS
from mmpose.structures import PoseDataSample, merge_data_samples
from torch import nn

from dfa_mm.engine.checkpoints import check_fits
from dfa_mm.visualization import FashionLandmarkVisualizer

from .boxes import clip_box
from .default_model import default_model_files
from .errors import InputError
from .landmarks import look_closer_at_all, predict, preprocess
from .model import complete_setup
from .pictures import (
    VIDEO_SUFFIXES,
    find_pictures,
    is_url,
    load_picture,
    open_video,
    picture_name,
)

Picture = Union[str, Path, np.ndarray]


@INFERENCERS.register_module()
class LandmarkInferencer(Pose2DInferencer):
    """:class:`Pose2DInferencer` that takes what people have.

    Differs from it in that

    - without a model it takes the one that comes with the package;
    - pictures may be files, folders, patterns, addresses or arrays, grey,
      with an alpha channel, of 16 bits, turned by EXIF; what cannot be read
      raises an :class:`InputError` that names it;
    - ``bboxes`` are used (MMPose 1.3.2 puts the whole picture in their
      place): per picture (N, 4) or (4,) x1 y1 x2 y2 in pixels, cut at its
      border, or ``None`` for the whole picture; of a video one for all;
    - ``batch_size`` pictures go through the network together, and every
      result holds the predictions of so many;
    - a garment found in a whole picture is looked at again in the box round
      its landmarks, and the mean of both taken, as in :func:`look_closer`;
      ``closer_look`` turns it off, or on for videos;
    - huge ones are averaged (:class:`AveragingTopdownAffine`);
    - ``pred_out_dir`` goes with ``return_datasamples``;
    - ``show_stages`` draws the stages side by side;
    - a checkpoint that does not fit the config is an error.

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
        scope: Optional[str] = 'mmpose',
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
        super().__init__(model, weights, device, scope, det_model, **kwargs)

    def _load_weights_to_model(
        self, model: nn.Module, checkpoint: Optional[dict], cfg
    ) -> None:
        check_fits(
            model, checkpoint.get('state_dict', checkpoint), 'the checkpoint'
        )
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
        bbox_thr: float = 0.3,
        nms_thr: float = 0.3,
    ) -> Iterator[tuple]:
        """Batches of crops, how many belong to each picture, the pictures.

        Yields:
            tuple: A dict for :meth:`forward`, and ``batch_size`` BGR pictures.
        """
        numbered = zip(enumerate(inputs), self._spread(bboxes, inputs))
        while batch := list(islice(numbered, batch_size)):
            pictures, crops, counts = [], [], []
            for (i, source), boxes in batch:
                pictures.append(load_picture(source))
                found = self.preprocess_single(
                    pictures[-1], i, bbox_thr, nms_thr, boxes, _name(source, i)
                )
                crops += found
                counts.append(len(found))
            network_inputs = dict(
                crops=crops,
                counts=counts,
                pictures=pictures,
                whole=[
                    self.detector is None and boxes is None
                    for _, boxes in batch
                ],
            )
            yield network_inputs, pictures

    def preprocess_single(
        self,
        input: np.ndarray,
        index: int,
        bbox_thr: float = 0.3,
        nms_thr: float = 0.3,
        bboxes: Optional[np.ndarray] = None,
        name: str = '',
    ) -> List[dict]:
        """The crops of one picture: its boxes, detected ones, or all of it."""
        if bboxes is not None:
            boxes = [clip_box(box, input, name) for box in bboxes]
            return preprocess(self.model, input, boxes, name)
        crops = super().preprocess_single(input, index, bbox_thr, nms_thr)
        for crop in crops:
            crop['data_samples'].set_metainfo(dict(img_path=name))
        return crops

    def _spread(self, bboxes, inputs) -> Iterator[Optional[np.ndarray]]:
        """Per picture its boxes (N, 4), or ``None`` where none are given."""
        if bboxes is None or len(bboxes) == 0:
            while True:
                yield None
        if self._video_input or len(inputs) == 1:
            boxes = _as_boxes(bboxes)
            while True:
                yield boxes
        if len(bboxes) != len(inputs):
            raise InputError(
                f'there are boxes for {len(bboxes)} pictures, but '
                f'{len(inputs)} pictures; give one entry per picture, None '
                'for a whole one'
            )
        yield from map(_as_boxes, bboxes)

    def forward(
        self, inputs: dict, closer_look: Optional[bool] = None
    ) -> List[PoseDataSample]:
        """One data sample per picture, with all of its garments.

        Args:
            inputs (dict): Of :meth:`preprocess`.
            closer_look (bool, optional): Whether garments found in whole
                pictures are looked at again. Default: not those of videos.
        """
        samples = iter(predict(self.model, inputs['crops']))
        found = [
            merge_data_samples(list(islice(samples, count)))
            for count in inputs['counts']
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
        self,
        preds: List[PoseDataSample],
        visualization: Optional[List[np.ndarray]],
        return_datasample: Optional[bool] = None,
        return_datasamples: bool = False,
        pred_out_dir: str = '',
    ) -> dict:
        """Also writes files when data samples are returned."""
        results = super().postprocess(
            preds, visualization, pred_out_dir=pred_out_dir
        )
        if return_datasample or return_datasamples:
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


def _name(source: Picture, index: int) -> str:
    """What a prediction's file is called after; of arrays as in MMPose."""
    if isinstance(source, np.ndarray):
        return f'{index:06d}.jpg'
    source = str(source)
    return picture_name(source) if is_url(source) else source
