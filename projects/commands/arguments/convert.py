"""Make COCO files of data in other layouts, draw data, check files.

dfa convert fld data/fld
"""

HELP = 'make COCO files of other layouts, draw data, check files'
