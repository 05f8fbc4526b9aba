_base_ = './dfa_lsp_maps_vgg16-128_stage3.py'

model = dict(num_stages=1)
