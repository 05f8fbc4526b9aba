# Left and right as the person's, where Table 4's are the observer's.
_base_ = './dfa_lsp_stage3.py'

train_dataloader = dict(dataset=dict(convention='pc'))
test_dataloader = dict(dataset=dict(convention='pc'))
