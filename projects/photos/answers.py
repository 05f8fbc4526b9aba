"""A trained model as the one that labels photographs."""

from typing import List

import numpy as np
from mmpose.apis import inference_topdown

from dfa_mm.apis.model import load_model
from projects.photos.self_labels import Answer, Model


def answering_model(
    config: str, checkpoint: str, device: str = 'cpu'
) -> Model:
    """A model of MMPose as a function from picture and boxes to answers.

    Raises:
        InputError: If a file is missing or is no checkpoint.
        CheckpointMismatchError: If the checkpoint is of another model.
    """
    # a flip test would make the mirrored views agree with the others
    model = load_model(config, checkpoint, device, flip_test=False)

    def answer(image: np.ndarray, boxes: np.ndarray) -> List[Answer]:
        samples = inference_topdown(model, image, boxes)
        return [_answer(sample.pred_instances) for sample in samples]

    return answer


def _answer(instances) -> Answer:
    states = instances.get('landmark_visibility')
    points = np.asarray(instances.keypoints)[0]
    return Answer(points, None if states is None else np.asarray(states)[0])
