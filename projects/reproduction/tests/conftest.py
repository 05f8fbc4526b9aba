import tiny_cascade  # noqa: F401  registers TinyBackbone
