_base_ = './dfa_lsp_local_stage3.py'

model = dict(num_stages=1)
