"""What of a description an edit leaves standing: evaluated modules as bytes, and what changed between two grounds.

In: `Ground`s, `Touches`. Out: `ModulePiece`s, `Changes`. Pure: keeping and fetching is the pipeline's.
"""
