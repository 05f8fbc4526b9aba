class MisfitError(ValueError):
    """What was drawn by chance does not make a usable picture."""
