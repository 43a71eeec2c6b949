"""How a type of the old side relates to a type of the new one."""
