"""Generated from ``proto/pybridge/v1`` by ``proto/generate.sh``; never edited."""
