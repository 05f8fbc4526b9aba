collect_ignore_glob = ['test_on_fld_layout*.py']  # configs
