"""What a run leaves behind for the next one, and how the next one makes use of it (docs/adr/0011-incremental.md).

`contents` tells which files changed, `state` what the last run came to, module by module, `shelf` where its parts lie,
`edited` describes again what an edit concerns, and `outcome` puts the library together.
"""
