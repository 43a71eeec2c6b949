defmodule PyBridge.Ref do
  @moduledoc """
  A Python object that a worker holds.

  Generated modules wrap it in a struct of their own; an object of a class that no generated module
  speaks for stays a bare `PyBridge.Ref`, which can be passed back as an argument.

  The object lives until it is released (`PyBridge.Runtime.release/1`), its session ends, or its
  worker does.
  """

  @enforce_keys [:id, :type]
  defstruct [:id, :type, :session, :worker, epoch: 0, bases: []]

  @typedoc """
  `type` and `bases` are Python paths of the object's class and of the rest of its method resolution
  order. `epoch` is the incarnation of the Python process: a reference from before a crash is
  recognised as lost. `session` and `worker` say where the object is; calls on it go there.
  """
  @type t :: %__MODULE__{
          id: non_neg_integer(),
          type: String.t(),
          bases: [String.t()],
          session: String.t() | nil,
          epoch: non_neg_integer(),
          worker: GenServer.server() | nil
        }
end
