defmodule PyBridge.Error do
  @moduledoc """
  Why a call failed.

  What Python raised has the kind `:python`, with the exception's class in `type`, the rest of its method
  resolution order in `bases`, and its text in `message`. The other kinds are of the bridge:

    * `:argument` - the call could not be sent: a value without a Python counterpart, an object of another
      worker, a parameter given twice
    * `:refused` - the worker does not serve it: an unknown tool, arguments that do not fit
    * `:timeout` - no answer in time
    * `:cancelled` - it was cancelled on the other side
    * `:unavailable` - no worker, or it went away during the call
    * `:lost` - the object's worker has restarted since
    * `:protocol` - the other side's answer made no sense

  `matches?/2` asks as Python's `except` does:

      case Fakelib.Predict.load(predict, path) do
        {:ok, nil} -> :ok
        {:error, %PyBridge.Error{kind: :timeout}} -> :retry
        {:error, error} -> if PyBridge.Error.matches?(error, "OSError"), do: :missing, else: raise(error)
      end
  """

  @kinds [:python, :argument, :refused, :timeout, :cancelled, :unavailable, :lost, :protocol]

  defexception kind: :python,
               type: nil,
               bases: [],
               message: "",
               notes: [],
               traceback: [],
               cause: nil

  @type kind ::
          :python
          | :argument
          | :refused
          | :timeout
          | :cancelled
          | :unavailable
          | :lost
          | :protocol

  @typedoc "One line of a Python traceback, outermost first in its list."
  @type frame :: %{file: String.t(), line: non_neg_integer(), function: String.t()}

  @typedoc """
  `type` is `nil` where no Python class says more than `kind`. `traceback` is empty unless the worker's
  operator allows it. `cause` is the exception of `raise ... from`, else the one being handled.
  """
  @type t :: %__MODULE__{
          kind: kind(),
          type: String.t() | nil,
          bases: [String.t()],
          message: String.t(),
          notes: [String.t()],
          traceback: [frame()],
          cause: t() | nil
        }

  @doc "All kinds."
  @spec kinds() :: [kind()]
  def kinds, do: @kinds

  @doc "Makes an error of a kind of the bridge's own."
  @spec new(kind(), String.t(), keyword()) :: t()
  def new(kind, message, fields \\ []) when kind in @kinds do
    struct!(%__MODULE__{kind: kind, message: message}, fields)
  end

  @doc """
  The text: Python's `Type: message`, then its notes, a line each.
  """
  @impl true
  @spec message(t()) :: String.t()
  def message(%__MODULE__{} = error) do
    Enum.join([headline(error) | error.notes], "\n")
  end

  @doc """
  Would Python's `except class` catch it?

  `class` is a Python path; `builtins.` may be left out. False for errors without a Python class.
  """
  @spec matches?(t(), String.t()) :: boolean()
  def matches?(%__MODULE__{type: nil}, _class), do: false

  def matches?(%__MODULE__{type: type, bases: bases}, class) do
    short(class) in Enum.map([type | bases], &short/1)
  end

  defp headline(%{type: nil, message: "", kind: kind}), do: Atom.to_string(kind)
  defp headline(%{type: nil, message: message}), do: message
  defp headline(%{type: type, message: ""}), do: type
  defp headline(%{type: type, message: message}), do: type <> ": " <> message

  defp short("builtins." <> class), do: class
  defp short(class), do: class
end
