collect_ignore = ['test_on_fld_layout.py']  # a config
