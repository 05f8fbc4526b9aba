# Two sets of real photographs in FLD's layout, trained on together: garments
# lying flat and garments worn by people.
#   FLATLAY_ROOT=data/flatlay_fld  STREET_ROOT=data/street_fld
# Tested on both together; for one of them test the checkpoint with
#   FLD_ROOT=... configs/backbones/dfa_fld_efficientnet-lite0_stage3.py
_base_ = './backbones/dfa_fld_efficientnet-lite0_stage3.py'

sets = {
    split: [
        dict(
            type='FLDDataset',
            data_root=root,
            subset='all',
            split=split,
            test_mode=split != 'train',
        )
        for root in [
            '{{$FLATLAY_ROOT:data/flatlay_fld}}',
            '{{$STREET_ROOT:data/street_fld}}',
        ]
    ]
    for split in ['train', 'val', 'test']
}
combined = dict(_delete_=True, type='CombinedLandmarkDataset')

train_dataloader = dict(
    dataset=dict(
        datasets=sets['train'], pipeline=_base_.train_pipeline, **combined
    )
)
val_dataloader = dict(
    dataset=dict(
        datasets=sets['val'], pipeline=_base_.test_pipeline, **combined
    )
)
test_dataloader = dict(
    dataset=dict(
        datasets=sets['test'], pipeline=_base_.test_pipeline, **combined
    )
)
