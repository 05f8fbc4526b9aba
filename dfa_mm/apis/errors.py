class InputError(ValueError):
    """A picture, box, file or device that whoever named it can put right."""
