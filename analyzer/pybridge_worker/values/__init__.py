"""Python values as bytes, and back: which values have a form (`trees`), and the two formats that write them."""
