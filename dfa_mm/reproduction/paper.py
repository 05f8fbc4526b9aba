"""Numbers that the paper prints."""

# Table 4: strict PCP on Leeds Sports Pose in percent, observer-centric, in
# the order of STICKS; None where the paper has no number. The paper's text
# exchanges DFA's torso and head.
STICKS = ('torso', 'head', 'u.arms', 'l.arms', 'u.legs', 'l.legs', 'mean')
TABLE4 = {
    'DeepPose': (None, None, 56.0, 38.0, 77.0, 71.0, None),
    'DFA': (90.8, 87.2, 70.4, 56.2, 80.6, 75.8, 74.4),
    'IDPR': (92.7, 87.8, 69.2, 55.4, 82.9, 77.0, 75.0),
    'IDPR + pseudo-label': (93.5, 88.5, 72.3, 59.0, 83.9, 78.7, 77.0),
    'IDPR + pseudo-label + auto-routing': (
        *(94.1, 88.9, 74.3, 61.5, 85.1, 80.4),
        78.6,
    ),
}
