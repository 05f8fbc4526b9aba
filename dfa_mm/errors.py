"""What whoever runs a command or calls a function can put right."""


class InputError(ValueError):
    """A picture, box, file or device that whoever named it can put right."""


class SettingsError(InputError):
    """What a config asks for cannot be built; says what and why."""


class PictureError(InputError):
    """A file that cannot be read as a picture, in one line."""
