"""``pybridge store``: one file a subcommand."""
