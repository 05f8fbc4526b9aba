"""A command's arguments, one file each; argparse is all they import."""
