"""``pybridge-worker status``: what a running server says of itself."""

import argparse


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of all."""
    parser = commands.add_parser("status", help="ask a running server how it is")
    parser.set_defaults(run=lambda _chosen: 0)
