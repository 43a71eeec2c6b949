"""The RPCs: requests read, responses and statuses written. This process never imports a library that it serves."""
