"""For mkdocs.yml: docstrings name functions as Sphinx does."""

import re

ROLE = re.compile(r':(attr|class|exc|func|meth|mod):(?=<code)')


def on_page_content(html: str, **kwargs) -> str:
    """``:func:`name``` as ``name``."""
    return ROLE.sub('', html)
