"""Text that neither a terminal nor a reviewer's eyes can be steered by."""


def printable(text: str) -> str:
    """Replace control, direction and other invisible characters by their escapes; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char in "\n\t" or char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
