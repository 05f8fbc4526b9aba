import numpy as np

from dfa_mm.visualization import draw_errors

POINTS = np.array([[20.0, 20], [20, 60], [20, 80]])
TRUTH = np.array([[70.0, 20], [70, 60], [np.nan, np.nan]])


def test_a_line_leads_to_each_known_truth():
    white = np.full((100, 100, 3), 255, np.uint8)
    drawn = draw_errors(white, POINTS, TRUTH, np.array([True, False, True]))
    marked = (drawn != 255).any(axis=-1)
    assert marked[20, 30:60].all()
    # of the others one is not known, and one is nowhere
    assert not marked[40:].any()
    assert (white == 255).all()
