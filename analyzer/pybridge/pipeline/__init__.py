"""The only place where stages meet.

In: what a command was asked. Out: what it shows. May import: every stage, codec, errors, model.
"""
