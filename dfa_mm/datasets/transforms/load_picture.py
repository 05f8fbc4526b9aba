"""The first step of every pipeline, with this package's decoder."""

import logging
from typing import Optional

import numpy as np
from mmengine import fileio
from mmengine.logging import print_log
from mmpose.datasets.transforms import LoadImage
from mmpose.registry import TRANSFORMS

from dfa_mm import pictures
from dfa_mm.pictures import PictureError


@TRANSFORMS.register_module(name='LoadImage', force=True)
class LoadPicture(LoadImage):
    """:class:`LoadImage` that trains on what a person, or the demo, sees.

    It takes MMPose's name, so that every config reads by
    :func:`dfa_mm.pictures.read`; of a JPEG both give the same pixels.
    Upstream reads WebP unturned, transparency as black and fills half a JPEG
    with grey.

    A picture that cannot be read ends the training, in one line that names
    it. With ``ignore_empty=True`` another sample takes its place, and every
    such picture is named and counted in the log. Another ``color_type`` than
    ``'color'`` is left to upstream.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.left_out = set()  # by this process

    def transform(self, results: dict) -> Optional[dict]:
        if 'img' in results or self.color_type != 'color':
            return super().transform(results)
        try:
            image = self._read(results['img_path'])
        except PictureError as error:
            if not self.ignore_empty:
                raise
            self._leave_out(results['img_path'], error)
            return None
        results['img_shape'] = results['ori_shape'] = image.shape[:2]
        image = image.astype(np.float32) if self.to_float32 else image
        return dict(results, img=image)

    def _read(self, path: str) -> np.ndarray:
        remote = '://' in path or self.backend_args is not None
        if not remote and self.file_client_args is None:
            return pictures.read(path)
        if self.file_client_args is not None:
            client = fileio.FileClient.infer_client(
                self.file_client_args, path
            )
            return pictures.decode(client.get(path), path)
        content = fileio.get(path, backend_args=self.backend_args)
        return pictures.decode(content, path)

    def _leave_out(self, path: str, error: PictureError) -> None:
        if path in self.left_out:
            return
        self.left_out.add(path)
        print_log(
            f'left out, another sample takes its place: {error} '
            f'({len(self.left_out)} so far in this process)',
            'current',
            logging.WARNING,
        )
