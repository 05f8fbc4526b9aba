from types import SimpleNamespace

from torch.utils.data import DataLoader

from dfa_mm.engine.workers import end_workers


def test_workers_that_are_kept_end_in_order():
    train = DataLoader(range(4), num_workers=1, persistent_workers=True)
    val = DataLoader(range(4))
    for loader in (train, val):
        assert len(list(loader)) == 4
    (worker,) = train._iterator._workers
    (queue,) = train._iterator._index_queues
    assert worker.is_alive()
    runner = SimpleNamespace(
        _train_loop=SimpleNamespace(dataloader=train),
        _val_loop=SimpleNamespace(dataloader=val),
    )
    end_workers(runner)
    assert not worker.is_alive()
    queue._thread.join(10)
    assert queue._reader.closed
    assert queue._writer.closed
    # and the loader can be used again
    assert len(list(train)) == 4
    end_workers(runner)
    # no validation, or a loop that was never begun, is a config
    end_workers(SimpleNamespace(_train_loop=dict(), _val_loop=None))
