"""What holds for every test, also for those of the projects."""

from hypothesis import settings

# A machine that does other things as well may take any time for an example.
settings.register_profile('suite', deadline=None)
settings.load_profile('suite')
