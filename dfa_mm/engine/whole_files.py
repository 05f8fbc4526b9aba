"""Checkpoints that appear whole or not at all."""

from pathlib import Path
from typing import Union

from mmengine.fileio.backends import LocalBackend, register_backend

from dfa_mm.files import replacing, write_text


@register_backend('whole_files')
class WholeFilesBackend(LocalBackend):
    """MMEngine's files on the disk, but never half of one.

    For ``CheckpointHook(backend_args=dict(backend='whole_files'))``: a
    training that is killed, or a disk that is full, while a checkpoint is
    written leaves the one before as the latest.
    """

    def put(self, obj: bytes, filepath: Union[str, Path]) -> None:
        with replacing(filepath) as temporary:
            temporary.write_bytes(obj)

    def put_text(
        self, obj: str, filepath: Union[str, Path], encoding: str = 'utf-8'
    ) -> None:
        write_text(filepath, obj)
