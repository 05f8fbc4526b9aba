_base_ = './deeppose_photos_efficientnet-lite0_stage3.py'

model = dict(num_stages=1)
