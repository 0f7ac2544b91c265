"""`python -m mosaic_desktop.sandbox`: the local Mosaic in the foreground."""

import argparse

from mosaic_desktop.sandbox.main import add_arguments, run

parser = argparse.ArgumentParser(prog="mosaic-desktop sandbox", description="Run the local Mosaic in the foreground.")
add_arguments(parser)
raise SystemExit(run(parser.parse_args()))
