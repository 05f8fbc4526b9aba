"""MMPose's inferencer for garments: any picture, boxes, real batches."""

from itertools import chain, islice, repeat
from pathlib import Path
from typing import Iterable, Iterator, List, Optional, Sequence, Union

import numpy as np
from mmpose.apis.inferencers import Pose2DInferencer
from mmpose.registry import INFERENCERS
from mmpose.structures import PoseDataSample, merge_data_samples
from torch import nn

from dfa_mm.engine.checkpoints import check_fits, state_of
from dfa_mm.visualization import FashionLandmarkVisualizer

from .default_model import default_model_files
from .errors import InputError
from .landmarks import clip_box, look_closer_at_all, predict, preprocess
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
      for the whole picture; of a video one for all.
    - ``batch_size`` pictures go through the network together, and every
      result holds the predictions of so many.
    - A garment found in a whole picture is looked at again, as in
      :func:`look_closer`; ``closer_look`` turns it off, or on for videos.
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
        super().__init__(model, weights, device, det_model=det_model, **kwargs)

    def _load_weights_to_model(
        self, model: nn.Module, checkpoint: dict, cfg
    ) -> None:
        check_fits(model, state_of(checkpoint), 'the checkpoint')
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
            pictures, crops, whole = [], [], []
            for (i, source), boxes in batch:
                if isinstance(source, np.ndarray):
                    # named as in MMPose
                    image, name = as_picture(source), f'{i:06d}.jpg'
                else:
                    image, name = read_picture(str(source)), str(source)
                    name = picture_name(name) if is_url(name) else name
                pictures.append(image)
                crops.append(
                    self.preprocess_single(image, i, boxes, name, **thresholds)
                )
                whole.append(self.detector is None and boxes is None)
            yield dict(crops=crops, pictures=pictures, whole=whole), pictures

    def preprocess_single(
        self,
        input: np.ndarray,
        index: int,
        bboxes: Optional[np.ndarray],
        name: str,
        **thresholds: float,
    ) -> List[dict]:
        """The crops of one picture: its boxes, detected ones, or all of it."""
        if bboxes is not None:
            boxes = [clip_box(box, input, name) for box in bboxes]
            return preprocess(self.model, input, boxes, name)
        crops = super().preprocess_single(input, index, **thresholds)
        for crop in crops:
            crop['data_samples'].set_metainfo(dict(img_path=name))
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
        samples = iter(predict(self.model, list(chain.from_iterable(crops))))
        found = [
            merge_data_samples(list(islice(samples, len(each))))
            for each in crops
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
