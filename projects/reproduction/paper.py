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

# Table 2: NE on FLD with VGG-16, by the rows of :mod:`.rows`. The
# printed means of 2-direct and of the last two rows are not the means of
# their columns (.0763, .0702 and .0698).
TABLE2_COLUMNS = (
    *('left collar', 'right collar', 'left sleeve', 'right sleeve'),
    *('left hem', 'right hem', 'mean'),
)
TABLE2 = {
    'stage1_direct': (0.071, 0.071, 0.134, 0.130, 0.103, 0.102, 0.102),
    'stage1_no_visibility': (0.104, 0.102, 0.213, 0.212, 0.141, 0.143, 0.153),
    'stage1_hard': (0.065, 0.065, 0.113, 0.112, 0.094, 0.095, 0.091),
    'stage1_soft': (0.057, 0.058, 0.106, 0.104, 0.088, 0.089, 0.084),
    'stage2_direct': (0.051, 0.051, 0.098, 0.096, 0.082, 0.080, 0.078),
    'stage2_absolute': (0.050, 0.051, 0.097, 0.096, 0.080, 0.079, 0.076),
    'stage2_offset': (0.049, 0.050, 0.095, 0.093, 0.077, 0.078, 0.074),
    'stage3_direct': (0.049, 0.049, 0.094, 0.093, 0.074, 0.076, 0.073),
    'stage3_two_branch': (0.048, 0.049, 0.094, 0.093, 0.073, 0.075, 0.072),
    'stage3_routed': (0.048, 0.049, 0.092, 0.091, 0.071, 0.073, 0.070),
    'stage3_offset': (0.048, 0.048, 0.091, 0.090, 0.071, 0.073, 0.069),
    'stage3_contextual': (0.048, 0.048, 0.091, 0.089, 0.071, 0.072, 0.068),
}

# Table 3: NE by subset of the test set.
TABLE3_COLUMNS = (
    *('normal', 'medium pose', 'large pose'),
    *('medium zoom-in', 'large zoom-in'),
)
TABLE3 = {
    'stage1_direct': (0.079, 0.100, 0.111, 0.151, 0.193),
    'stage1_soft': (0.064, 0.077, 0.085, 0.120, 0.156),
    'stage2_direct': (0.055, 0.072, 0.081, 0.104, 0.151),
    'stage2_offset': (0.053, 0.069, 0.078, 0.102, 0.148),
    'stage3_direct': (0.052, 0.069, 0.078, 0.096, 0.148),
    'stage3_routed': (0.051, 0.067, 0.077, 0.093, 0.146),
    'stage3_contextual': (0.050, 0.066, 0.075, 0.091, 0.144),
}

# Fig. 2: shares of FLD's 123,016 pictures in percent. The paper has none of
# the landmarks' visibility.
FIGURE2_TYPES = {'upper': 43.4, 'lower': 34.1, 'full': 22.5}
FIGURE2_VARIATIONS = {
    'normal': 38.1,
    'medium pose': 25.1,
    'large pose': 17.5,
    'medium zoom-in': 7.6,
    'large zoom-in': 11.7,
}
FLD_IMAGES = 123016

# Sect. 4.2: of a 300 x 300 picture on one GTX Titan X; Sect. 3: networks.
MILLISECONDS = {'DFA': 100.0, 'DeepPose': 650.0}
NETWORKS = {'DFA': 3, 'DeepPose': 17}
