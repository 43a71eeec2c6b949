defmodule PyBridge.MessagePackTest do
  use ExUnit.Case, async: true

  alias PyBridge.{MessagePack, Python, Ref, Value, Vectors}

  @vectors Vectors.values()

  # The term that stands for a neutral value, as it is read.
  defp term(%{"none" => nil}), do: nil
  defp term(%{"bool" => value}), do: value
  defp term(%{"int" => text}), do: String.to_integer(text)

  defp term(%{"float" => hex}) do
    case Base.decode16!(hex, case: :lower) do
      <<value::float-64>> -> value
      <<0x7FF0000000000000::64>> -> %Python{type: :float, value: :infinity}
      <<0xFFF0000000000000::64>> -> %Python{type: :float, value: :neg_infinity}
      _nan -> %Python{type: :float, value: :nan}
    end
  end

  defp term(%{"text" => hex}) do
    text = binary(hex)
    if String.valid?(text), do: text, else: %Python{type: :text, value: text}
  end

  defp term(%{"bytes" => hex}), do: binary(hex)
  defp term(%{"bytearray" => hex}), do: %Python{type: :bytearray, value: binary(hex)}
  defp term(%{"list" => items}), do: Enum.map(items, &term/1)
  defp term(%{"tuple" => items}), do: items |> Enum.map(&term/1) |> List.to_tuple()
  defp term(%{"set" => items}), do: MapSet.new(items, &term/1)

  defp term(%{"frozenset" => items}),
    do: %Python{type: :frozenset, value: MapSet.new(items, &term/1)}

  defp term(%{"dict" => pairs}),
    do: Map.new(pairs, fn [key, value] -> {term(key), term(value)} end)

  defp term(%{"decimal" => text}), do: %Python{type: :decimal, value: text}
  defp term(%{"uuid" => text}), do: %Python{type: :uuid, value: text}
  defp term(%{"date" => text}), do: Date.from_iso8601!(text)

  defp term(%{"time" => text}) do
    if text =~ "+", do: %Python{type: :time, value: text}, else: Time.from_iso8601!(text)
  end

  defp term(%{"datetime" => [text, zone]}), do: moment(text, zone)
  defp term(%{"timedelta" => parts}), do: %Python{type: :timedelta, value: List.to_tuple(parts)}
  defp term(%{"path" => [kind, text]}), do: %Python{type: :path, value: {kind, text}}
  defp term(%{"enum" => [path, name]}), do: %Python{type: :enum, value: {path, name}}

  defp term(%{"flag" => [path, text]}),
    do: %Python{type: :enum, value: {path, String.to_integer(text)}}

  defp term(%{"fraction" => [numerator, denominator]}) do
    value = {String.to_integer(numerator), String.to_integer(denominator)}
    %Python{type: :fraction, value: value}
  end

  defp term(%{"object" => [path, fields]}) do
    %Python{
      type: :object,
      value: {path, Map.new(fields, fn [name, value] -> {name, term(value)} end)}
    }
  end

  defp term(%{"array" => [dtype, shape, hex]}),
    do: %Python{type: :tensor, value: {dtype, shape, binary(hex)}}

  defp term(%{"reference" => [session, id, epoch, type]}),
    do: %Ref{id: id, type: type, session: session, epoch: epoch}

  defp term(%{"result_of" => index}), do: %Python{type: :result, value: index}

  defp term(%{} = three) when map_size(three) == 1 do
    [{kind, parts}] = Map.to_list(three)
    true = kind in ["complex", "slice", "range"]
    value = parts |> Enum.map(&term/1) |> List.to_tuple()
    %Python{type: String.to_existing_atom(kind), value: value}
  end

  defp moment(text, nil) do
    if String.slice(text, 19..-1) =~ ~r/[+-]/,
      do: zoned(text, String.slice(text, -6..-1)),
      else: NaiveDateTime.from_iso8601!(text)
  end

  defp moment(text, zone), do: zoned(text, zone)

  defp zoned(text, zone) do
    {:ok, _utc, offset} = DateTime.from_iso8601(text)
    naive = NaiveDateTime.from_iso8601!(text)
    abbreviation = String.slice(text, -6..-1)

    {zone, abbreviation} = if zone == "+00:00", do: {"Etc/UTC", "UTC"}, else: {zone, abbreviation}

    fields = %{time_zone: zone, zone_abbr: abbreviation, utc_offset: offset, std_offset: 0}
    struct!(DateTime, naive |> Map.from_struct() |> Map.merge(fields))
  end

  # The term that is written for a neutral value: bytes that are valid UTF-8 are marked.
  defp sent(%{"bytes" => hex}), do: {:bytes, binary(hex)}
  defp sent(%{"list" => items}), do: Enum.map(items, &sent/1)
  defp sent(%{"tuple" => items}), do: items |> Enum.map(&sent/1) |> List.to_tuple()

  defp sent(%{"dict" => pairs}),
    do: Map.new(pairs, fn [key, value] -> {sent(key), sent(value)} end)

  defp sent(neutral), do: term(neutral)

  defp binary(hex), do: Base.decode16!(hex, case: :lower)
  defp buffers(vector), do: Enum.map(vector["buffers"] || [], &binary/1)

  for vector <- @vectors do
    @vector vector

    test "reads #{vector["name"]}" do
      assert {:ok, value} = MessagePack.decode(binary(@vector["msgpack"]), buffers(@vector))
      assert value === term(@vector["value"])
    end

    test "writes #{vector["name"]}" do
      {value, _refs} = Value.encode(sent(@vector["value"]))
      {data, buffers} = MessagePack.encode(value)

      assert Base.encode16(data, case: :lower) == @vector["msgpack"]
      assert buffers == buffers(@vector)
    end
  end

  test "there are vectors" do
    assert length(@vectors) > 70
  end

  test "what is no value is told, not raised" do
    for data <- ["", <<0xC1>>, <<0x92, 1>>, <<0xA5, "ab">>, <<0xD4, 99, 0>>, <<1, 2>>] do
      assert {:error, why} = MessagePack.decode(data)
      assert is_binary(why)
    end
  end

  test "a buffer that did not come is told" do
    {data, [_buffer]} =
      MessagePack.encode(%Python{type: :tensor, value: {"|u1", [2000], <<0::16_000>>}})

    assert {:error, "a buffer did not come"} = MessagePack.decode(data, [])
  end
end
