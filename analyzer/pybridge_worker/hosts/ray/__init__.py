"""Worker processes on the nodes of a Ray cluster: `pybridge-worker serve --host ray`.

An actor on a node, the keeper, starts a process there as `hosts.local` does here, and passes on what it and the front
say to each other. Calls, sessions and references are those of the one host in `hosts.host`; interrupting and killing
work as they do locally, because it is our own process that runs the library and never the actor.

`processes` and `process` are the front's side, `keeper` and `passing` the actor's, `relay` is what they say to each
other; `cluster` alone knows Ray, and loads it when it is asked to.
"""
