# The cascade of the paper, less its networks: `model = dict(**_base_.cascade)`
# beside one of models/, whose backbone and head are described once for every
# network. `stages` holds what differs.
cascade = dict(
    type='RoutingTopdownPoseEstimator',
    stages=[
        dict(
            pseudo_label=dict(
                space='absolute', num_clusters=20, temperature=20.0
            )
        ),
        dict(
            pseudo_label=dict(
                space='offset', num_clusters=20, temperature=20.0
            )
        ),
        # squared pixels: the paper's T = 20 would make every label zero
        dict(
            branches=2,
            pseudo_label=dict(
                space='contextual', num_clusters=20, temperature='auto'
            ),
        ),
    ],
    num_stages=3,
    # 'average' runs both branches on every sample (Table 2, "+two-branch")
    routing='route',
    # As printed Eq. 2 sends garments far from every cluster, the hardest, to
    # the easy branch (docs/results.md): its score is divided by the sum of
    # the memberships. threshold=0.3 is the paper's; without, it is calibrated.
    router=dict(threshold=None, easy_share=0.5, normalize=True),
)
