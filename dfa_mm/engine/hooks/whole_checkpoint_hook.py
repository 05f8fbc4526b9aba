import re
from pathlib import Path
from typing import Optional

from mmengine.dist import is_main_process
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from dfa_mm.engine.runs import LAST_FILE, STOPPED_PATTERN
from dfa_mm.errors import SettingsError
from dfa_mm.files import write_text


@HOOKS.register_module()
class WholeCheckpointHook(CheckpointHook):
    """CheckpointHook that at every moment leaves a whole checkpoint.

    Checkpoints and the note of the last one are written whole or not at all;
    older ones are removed after a newer one is there, not before, by what
    lies in the folder; and the best one is looked for in this folder, also
    when the checkpoint that is resumed was copied from another.
    """

    def __init__(
        self, *args, backend_args: Optional[dict] = None, **kwargs
    ) -> None:
        backend_args = backend_args or dict(backend='whole_files')
        super().__init__(*args, backend_args=backend_args, **kwargs)

    def before_train(self, runner: Runner) -> None:
        # MMEngine's would remove what a longer limit kept before
        runner.message_hub.runtime_info.pop('keep_ckpt_ids', None)
        super().before_train(runner)
        if is_main_process():
            # a kill may have come between a checkpoint and this
            trained = runner.epoch if self.by_epoch else runner.iter
            self._remove_outdated(trained)
        if getattr(self, 'best_ckpt_path', None):
            self.best_ckpt_path = self._here(self.best_ckpt_path)
        paths = getattr(self, 'best_ckpt_path_dict', {})
        for key, path in paths.items():
            paths[key] = path and self._here(path)

    def _save_best_checkpoint(self, runner: Runner, metrics: dict) -> None:
        try:
            super()._save_best_checkpoint(runner, metrics)
        except KeyError as error:
            if error.args[0] not in (self.key_indicators or ()):
                raise
            raise SettingsError(
                f'default_hooks.checkpoint.save_best is {error}, which '
                f'validation does not measure; it does {", ".join(metrics)}'
            ) from None

    def _here(self, path: str) -> str:
        return str(Path(self.out_dir, Path(path).name))

    def _save_checkpoint_with_step(
        self, runner: Runner, step: int, meta: dict
    ) -> None:
        name = self.filename_tmpl.format(step)
        self.last_ckpt = str(Path(self.out_dir, name))
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        runner.save_checkpoint(
            self.out_dir,
            name,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        if is_main_process():
            write_text(Path(runner.work_dir, LAST_FILE), self.last_ckpt)
            self._remove_outdated(step)
            for path in Path(runner.work_dir).glob(STOPPED_PATTERN):
                path.unlink()

    def _remove_outdated(self, step: int) -> None:
        """What the checkpoint of a step makes superfluous.

        Later ones stay: they are of another attempt, from which somebody
        went back to an earlier checkpoint.
        """
        folder = Path(self.out_dir)
        if self.max_keep_ckpts <= 0 or not folder.is_dir():
            return
        numbers = (
            _step(path, self.filename_tmpl) for path in folder.iterdir()
        )
        kept = sorted(n for n in numbers if n is not None and n <= step)
        for number in kept[: -self.max_keep_ckpts]:
            (folder / self.filename_tmpl.format(number)).unlink()


def _step(path: Path, template: str) -> Optional[int]:
    """The number in a checkpoint's name, ``None`` if it is called else."""
    before, after = template.split('{}')
    found = re.fullmatch(
        f'{re.escape(before)}(\\d+){re.escape(after)}', path.name
    )
    return found and int(found[1])
