# Two sets of real photographs in FLD's layout, trained on together: garments
# lying flat and garments worn by people.
#   FLATLAY_ROOT=data/flatlay_fld  STREET_ROOT=data/street_fld
# Tested on both together; for one of them test the checkpoint with
#   FLD_ROOT=... configs/backbones/dfa_fld_efficientnet-lite0_stage3.py
_base_ = './backbones/dfa_fld_efficientnet-lite0_stage3.py'

roots = [
    '{{$FLATLAY_ROOT:data/flatlay_fld}}',
    '{{$STREET_ROOT:data/street_fld}}',
]

train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='ConcatDataset',
        datasets=[
            dict(
                type='FLDDataset',
                data_root=root,
                subset={{_base_.subset}},
                split='train',
                pipeline={{_base_.train_pipeline}},
            )
            for root in roots
        ],
    )
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='ConcatDataset',
        datasets=[
            dict(
                type='FLDDataset',
                data_root=root,
                subset={{_base_.subset}},
                split='val',
                test_mode=True,
                pipeline={{_base_.test_pipeline}},
            )
            for root in roots
        ],
    )
)
test_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='ConcatDataset',
        datasets=[
            dict(
                type='FLDDataset',
                data_root=root,
                subset={{_base_.subset}},
                split='test',
                test_mode=True,
                pipeline={{_base_.test_pipeline}},
            )
            for root in roots
        ],
    )
)
