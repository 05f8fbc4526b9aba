from tiny_cascade import (  # noqa: F401  fixtures
    make_batch,
    make_config,
    make_model,
    prepare,
)
