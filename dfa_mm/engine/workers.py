"""The processes that read pictures for a training, and their end."""

from mmengine.runner import Runner


def end_workers(runner: Runner) -> None:
    """End the workers of loaders that keep them from epoch to epoch.

    Left to the garbage collection, which sees a runner's parts in any order,
    a queue to a worker may close its pipe twice, and says so in a traceback.
    """
    for loop in (runner._train_loop, runner._val_loop):
        loader = getattr(loop, 'dataloader', None)
        iterator = getattr(loader, '_iterator', None)
        if iterator is not None and loader.num_workers:
            iterator._shutdown_workers()
            loader._iterator = None
