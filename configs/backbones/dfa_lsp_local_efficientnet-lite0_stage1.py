_base_ = './dfa_lsp_local_efficientnet-lite0_stage3.py'

model = dict(num_stages=1)
