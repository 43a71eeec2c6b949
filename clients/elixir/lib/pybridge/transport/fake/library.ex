defmodule PyBridge.Transport.Fake.Library do
  @moduledoc """
  Replies made from the descriptors of a generated library.
  """

  alias PyBridge.{Error, Request}
  alias PyBridge.Transport.Fake

  @by_position ["positional_only", "positional_or_keyword"]
  @by_name ["positional_or_keyword", "keyword_only"]

  @doc "The table of replies of all modules that `root` lists."
  @spec replies(module()) :: Fake.table()
  def replies(root) do
    classes = root.__pybridge_classes__()

    modules = Enum.uniq(Map.values(classes) ++ Map.values(root.__pybridge_modules__()))

    replies =
      for module <- modules,
          descriptor = module.__pybridge_descriptor__(),
          method <- descriptor.methods do
        {tool_name(descriptor, method), &reply(&1, method, classes)}
      end

    # Reading and writing a property are two functions and one tool; the first is the one that has a result.
    replies |> Enum.reverse() |> Map.new()
  end

  defp tool_name(descriptor, %{kind: :create}), do: descriptor.python_path
  defp tool_name(descriptor, method), do: descriptor.python_path <> "." <> method.name

  defp reply(%Request{operation: :set}, _method, _classes), do: {:ok, nil}

  defp reply(request, method, classes) do
    example = example(Map.get(method, :example), classes)

    case check(request, method) do
      :ok when request.streaming -> {:stream, [example, example]}
      :ok -> {:ok, example}
      {:error, message} -> {:error, type_error("#{request.tool_name}() #{message}")}
    end
  end

  defp example({:object, path}, classes) do
    Fake.object(path, bases: mro(Map.get(classes, path)))
  end

  defp example(value, classes) when is_list(value), do: Enum.map(value, &example(&1, classes))

  defp example(value, classes) when is_tuple(value) do
    value |> Tuple.to_list() |> example(classes) |> List.to_tuple()
  end

  defp example(%{__struct__: _} = value, _classes), do: value

  defp example(value, classes) when is_map(value) do
    Map.new(value, fn {key, item} -> {example(key, classes), example(item, classes)} end)
  end

  defp example(value, _classes), do: value

  defp mro(nil), do: []
  defp mro(module), do: Map.get(module.__pybridge_descriptor__(), :mro, [])

  defp check(request, %{parameters: parameters}) do
    slots = for %{name: name, kind: kind} <- parameters, kind in @by_position, do: name
    named = for %{name: name, kind: kind} <- parameters, kind in @by_name, do: name
    filled = Enum.take(slots, length(request.positional))
    given = Map.keys(request.keyword)

    cond do
      length(request.positional) > length(slots) and not any?(parameters, "var_positional") ->
        {:error,
         "takes #{length(slots)} positional arguments but #{length(request.positional)} were given"}

      name = Enum.find(given, &(&1 in filled and &1 in named)) ->
        {:error, "got multiple values for argument '#{name}'"}

      name = not any?(parameters, "var_keyword") && Enum.find(given, &(&1 not in named)) ->
        {:error, "got an unexpected keyword argument '#{name}'"}

      name = missing(parameters, filled, given) ->
        {:error, "missing a required argument: '#{name}'"}

      true ->
        :ok
    end
  end

  defp any?(parameters, kind), do: Enum.any?(parameters, &(&1.kind == kind))

  defp missing(parameters, filled, given) do
    Enum.find_value(parameters, fn %{name: name, kind: kind, required: required} ->
      by_name = kind in @by_name and name in given
      if required and name not in filled and not by_name, do: name
    end)
  end

  defp type_error(message) do
    Error.new(:python, message, type: "TypeError", bases: ["Exception", "BaseException"])
  end
end
