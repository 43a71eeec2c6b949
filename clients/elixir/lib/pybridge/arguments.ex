defmodule PyBridge.Arguments do
  @moduledoc """
  Sorts what a generated function was given into Python's positional and keyword arguments.
  """

  alias PyBridge.{Error, Runtime}

  @type arranged :: {:ok, [term()], %{optional(String.t()) => term()}} | {:error, Error.t()}

  @doc """
  Sorts the arguments of a call to `tool_name`.

  An option that is given twice counts once, the first of them, as everywhere in Elixir. A name that comes from
  two places is a `TypeError`, as in Python.
  """
  @spec arrange(String.t(), Runtime.args(), keyword(), Runtime.kwargs()) :: arranged()
  def arrange(tool_name, args, options, kwargs) do
    options = Enum.uniq_by(options, &elem(&1, 0))

    with {:ok, positional, named, options} <- split(tool_name, args, options),
         pairs = Enum.map(named ++ options ++ Enum.to_list(kwargs), &pair/1),
         :ok <- check_names(tool_name, pairs) do
      {:ok, positional, Map.new(pairs)}
    end
  end

  defp split(_tool_name, named, options) when is_list(named), do: {:ok, [], named, options}
  defp split(_tool_name, {first, named}, options), do: {:ok, first, named, options}

  defp split(tool_name, {first, optional, rest, named}, options) do
    slots = Enum.map(optional, &slot(&1, options))
    needed = if rest == [], do: Enum.reverse(drop_unused(Enum.reverse(slots))), else: slots

    case Enum.find(needed, &match?({:missing, _name}, &1)) do
      nil ->
        names = Enum.map(optional, &slot_name/1)

        {:ok, first ++ Enum.map(needed, &elem(&1, 1)) ++ rest, named,
         Keyword.drop(options, names)}

      {:missing, name} ->
        type_error("#{tool_name}: `#{name}` must be given too, as later arguments go by position")
    end
  end

  defp slot({name, default}, options) do
    case Keyword.fetch(options, name) do
      {:ok, value} -> {:given, value}
      :error -> {:default, default}
    end
  end

  defp slot(name, options) do
    case Keyword.fetch(options, name) do
      {:ok, value} -> {:given, value}
      :error -> {:missing, name}
    end
  end

  defp slot_name({name, _default}), do: name
  defp slot_name(name), do: name

  defp drop_unused(reversed), do: Enum.drop_while(reversed, &(not match?({:given, _}, &1)))

  # Not to_string/1: a parameter may be called `nil`, and to_string(nil) is "".
  defp pair({name, value}) when is_atom(name), do: {Atom.to_string(name), value}
  defp pair({name, value}) when is_binary(name), do: {name, value}

  defp check_names(tool_name, pairs) do
    names = Enum.map(pairs, &elem(&1, 0))

    case names -- Enum.uniq(names) do
      [] -> :ok
      [name | _] -> type_error("#{tool_name} got multiple values for argument '#{name}'")
    end
  end

  defp type_error(message) do
    {:error,
     Error.new(:argument, message, type: "TypeError", bases: ["Exception", "BaseException"])}
  end
end
