"""What every contender is sent."""

SMALL = {
    "question": "What is the capital of France?",
    "k": 3,
    "temperature": 0.7,
    "tags": ["a", "b"],
    "opts": {"x": True, "y": None},
}
MEBIBYTE = 1024 * 1024
ARRAY_BYTES = 10 * MEBIBYTE
BLOCK_MEBIBYTES = 1024
BATCH = 100
ITEMS = 10_000
COALESCED = 64
COALESCED_ITEMS = 64 * 2000
