"""One rule, one file, named by its id. A folder is a hundred of the numbers; its ``__init__`` lists its rules."""

from pybridge.compat.rules import behaviour, classes, data, package, parameters, policy, surface, types

RULES = (
    *surface.RULES,
    *parameters.RULES,
    *types.RULES,
    *classes.RULES,
    *data.RULES,
    *behaviour.RULES,
    *policy.RULES,
    *package.RULES,
)
"""Every rule there is, in the order of their ids."""
