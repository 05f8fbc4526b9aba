"""The paper's tables and figures on garments; all share their trained rows.

``rows`` has the systems, ``scales`` how large they are, ``numbers`` what is
read off their results, ``steps`` and ``claims`` what is compared with the
paper, and one module each table or figure. ``sources``, on training data, has
rows of its own.
"""

from . import cost, fig2, fig4, fig5, fig6, fig8, sources, table2, table3

EXPERIMENTS = tuple(
    module.EXPERIMENT
    for module in (
        *(table2, table3, fig2, fig4, fig5, fig6, fig8, cost),
        sources,
    )
)

__all__ = ['EXPERIMENTS']
