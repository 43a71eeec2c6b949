defmodule PyBridge.ResultStream do
  @moduledoc """
  Turns what a transport streams into an enumerable of values that ends the call when it is left early.
  """

  alias PyBridge.Error

  @typedoc """
  How to get a stream going: `start` makes the call, `decode` turns an item into a value, `finish` is told once how
  it ended and after how many items.
  """
  @type source :: %{
          # Not `( -> t)`: versions of the formatter write it differently.
          start: (... -> {:ok, Enumerable.t()} | {:error, Error.t()}),
          decode: (term() -> term()),
          finish: (:ok | :halted | {:error, term()}, non_neg_integer() -> term())
        }

  @doc """
  Starts the call and waits for its first item.

  The result can be enumerated once, by the process that opened it. An error before the first item is
  returned, later ones raise.
  """
  @spec open(source()) :: {:ok, Enumerable.t()} | {:error, Error.t()}
  def open(source) do
    with {:ok, continue} <- start(source) do
      case pull(source, continue) do
        {:item, item, continue} -> {:ok, once(source, item, continue)}
        :done -> {:ok, finished(source)}
        {:error, error} -> failed(source, error, 0)
        {:crash, crash} -> crashed(source, crash, 0)
      end
    end
  end

  @doc "A stream that makes the call anew each time it is enumerated, and raises every failure."
  @spec lazy((... -> {:ok, source()} | {:error, Error.t()})) :: Enumerable.t()
  def lazy(make_source) do
    Stream.resource(
      fn ->
        with {:ok, source} <- make_source.(),
             {:ok, continue} <- start(source) do
          {:next, source, continue, 0}
        else
          {:error, error} -> raise error
        end
      end,
      &next/1,
      &leave/1
    )
  end

  defp start(source) do
    case source.start.() do
      {:ok, stream} -> {:ok, &Enumerable.reduce(stream, &1, fn item, _ -> {:suspend, item} end)}
      {:error, error} -> failed(source, error, 0)
    end
  end

  defp once(source, item, continue) do
    owner = self()
    used = :atomics.new(1, [])

    Stream.resource(
      fn ->
        if self() != owner, do: raise(misuse("is enumerated by the process that opened it"))
        if :atomics.exchange(used, 1, 1) == 1, do: raise(misuse("is enumerated once"))
        {:first, source, item, continue}
      end,
      &next/1,
      &leave/1
    )
  end

  defp finished(source) do
    source.finish.(:ok, 0)
    []
  end

  # Stream.resource/3 passes the state *before* a raise to `leave/1`, and the continuation in it has been used by
  # then. So failures become a state of their own first, and are raised one step later.
  defp next({:first, source, item, continue}), do: {[item], {:next, source, continue, 1}}

  defp next({:next, source, continue, count}) do
    case pull(source, continue) do
      {:item, item, continue} -> {[item], {:next, source, continue, count + 1}}
      :done -> {:halt, {:done, source, count}}
      {:error, error} -> {[], {:failed, source, error, count}}
      {:crash, crash} -> {[], {:crashed, source, crash, count}}
    end
  end

  defp next({:failed, _source, error, _count}), do: raise(error)
  defp next({:crashed, _source, crash, _count}), do: reraise_crash(crash)

  defp leave({:done, source, count}), do: source.finish.(:ok, count)
  defp leave({:failed, source, error, count}), do: source.finish.({:error, error}, count)

  defp leave({:crashed, source, {_kind, reason, _stacktrace}, count}),
    do: source.finish.({:error, reason}, count)

  defp leave({:first, source, _item, continue}), do: halt(source, continue, 0)
  defp leave({:next, source, continue, count}), do: halt(source, continue, count)

  defp halt(source, continue, count) do
    continue.({:halt, nil})
    source.finish.(:halted, count)
  end

  defp pull(source, continue) do
    case continue.({:cont, nil}) do
      {:suspended, item, continue} -> received(source, item, continue)
      {ended, _accumulator} when ended in [:done, :halted] -> :done
    end
  catch
    kind, reason -> {:crash, {kind, reason, __STACKTRACE__}}
  end

  defp received(source, {:ok, item}, continue) do
    {:item, source.decode.(item), continue}
  catch
    kind, reason ->
      continue.({:halt, nil})
      {:crash, {kind, reason, __STACKTRACE__}}
  end

  defp received(_source, {:error, error}, continue) do
    continue.({:halt, nil})
    {:error, error}
  end

  defp received(_source, other, continue) do
    continue.({:halt, nil})
    {:error, Error.new(:protocol, "the transport streamed #{inspect(other, limit: 5)}")}
  end

  defp failed(source, error, count) do
    source.finish.({:error, error}, count)
    {:error, error}
  end

  @spec crashed(source(), {atom(), term(), list()}, non_neg_integer()) :: no_return()
  defp crashed(source, {_kind, reason, _stacktrace} = crash, count) do
    source.finish.({:error, reason}, count)
    reraise_crash(crash)
  end

  @spec reraise_crash({atom(), term(), list()}) :: no_return()
  defp reraise_crash({kind, reason, stacktrace}), do: :erlang.raise(kind, reason, stacktrace)

  defp misuse(rule), do: Error.new(:argument, "a stream from a function without `!` #{rule}")
end
