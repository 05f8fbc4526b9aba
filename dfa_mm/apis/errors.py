from dfa_mm.errors import InputError, PictureError

__all__ = ['InputError', 'PictureError']
