"""What is set."""

VALUES = {"timeout": 10}
