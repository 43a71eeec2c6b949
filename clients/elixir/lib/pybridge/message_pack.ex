defmodule PyBridge.MessagePack do
  @moduledoc """
  Values as the worker's MessagePack, for whoever writes a `PyBridge.Transport`.

  It writes what `PyBridge.Value.encode/2` gives, and reads what the worker answers. `docs/protocol.md` of PyBridge has the
  table of extension types; `tests/vectors/values.json` is what this module is tested with.
  """

  alias PyBridge.{Python, Ref}

  @codes %{
    ref: 1,
    tensor: 2,
    int: 3,
    tuple: 4,
    set: 5,
    frozenset: 6,
    complex: 7,
    decimal: 8,
    time: 9,
    enum: 10,
    arrow: 11,
    result: 12,
    dict: 13,
    object: 14,
    bytearray: 15,
    fraction: 16,
    uuid: 17,
    path: 18,
    slice: 19,
    range: 20,
    text: 21
  }
  @tags Map.new(@codes, fn {tag, code} -> {code, tag} end)
  @min_int -0x8000000000000000
  @max_int 0xFFFFFFFFFFFFFFFF
  @nan <<0x7FF8000000000000::64>>
  @infinity <<0x7FF0000000000000::64>>
  @neg_infinity <<0xFFF0000000000000::64>>
  @quiet 0x7FF
  @large 1024

  @doc """
  Writes a value. The second part of the result is what belongs into `Payload.buffers`.
  """
  @spec encode(term()) :: {binary(), [binary()]}
  def encode(value) do
    {data, buffers} = pack(value, [])
    {IO.iodata_to_binary(data), Enum.reverse(buffers)}
  end

  @doc """
  Reads a value, given what came in `Payload.buffers`.
  """
  @spec decode(binary(), [binary()]) :: {:ok, term()} | {:error, String.t()}
  def decode(data, buffers \\ []) do
    case unpack(data, List.to_tuple(buffers)) do
      {value, ""} -> {:ok, value}
      {_value, _rest} -> {:error, "there is more than one value"}
    end
  catch
    {:unreadable, why} -> {:error, why}
  end

  # Writing.

  defp pack(nil, buffers), do: {<<0xC0>>, buffers}
  defp pack(false, buffers), do: {<<0xC2>>, buffers}
  defp pack(true, buffers), do: {<<0xC3>>, buffers}
  defp pack(value, buffers) when is_integer(value), do: {pack_integer(value), buffers}
  defp pack(value, buffers) when is_float(value), do: {<<0xCB, value::float-64>>, buffers}

  defp pack(value, buffers) when is_binary(value) do
    {if(String.valid?(value), do: pack_text(value), else: pack_binary(value)), buffers}
  end

  defp pack({:bytes, value}, buffers) when is_binary(value), do: {pack_binary(value), buffers}
  defp pack(value, buffers) when is_list(value), do: pack_list(value, buffers)
  defp pack(value, buffers) when is_tuple(value), do: tag(:tuple, Tuple.to_list(value), buffers)
  defp pack(%MapSet{} = value, buffers), do: tag(:set, MapSet.to_list(value), buffers)

  defp pack(%Ref{} = ref, buffers) do
    tag(:ref, [ref.session || "", ref.id, ref.epoch, ref.type], buffers)
  end

  defp pack(%Python{type: type, value: value}, buffers), do: pack_python(type, value, buffers)
  defp pack(%Date{} = value, buffers), do: moment("date", Date.to_iso8601(value), buffers)
  defp pack(%Time{} = value, buffers), do: moment("time", Time.to_iso8601(value), buffers)

  defp pack(%NaiveDateTime{} = value, buffers) do
    moment("datetime", NaiveDateTime.to_iso8601(value), buffers)
  end

  defp pack(%DateTime{time_zone: zone} = value, buffers) do
    text = String.replace_suffix(DateTime.to_iso8601(value), "Z", "+00:00")

    named =
      if String.contains?(zone, "/") and zone != "Etc/UTC", do: "#{text}[#{zone}]", else: text

    moment("datetime", named, buffers)
  end

  # Decimal is no dependency: its structs print themselves as Python reads them.
  defp pack(%{__struct__: Decimal} = value, buffers), do: tag(:decimal, to_string(value), buffers)

  defp pack(value, buffers) when is_map(value) do
    pairs = Map.to_list(value)

    if Enum.all?(pairs, fn {key, _value} -> plain_key?(key) end) do
      {items, buffers} =
        Enum.map_reduce(pairs, buffers, fn {key, item}, buffers ->
          {key, buffers} = pack(key, buffers)
          {item, buffers} = pack(item, buffers)
          {[key, item], buffers}
        end)

      {[head(length(pairs), 0x80, 15, nil, 0xDE, 0xDF), items], buffers}
    else
      tag(:dict, Enum.map(pairs, fn {key, item} -> [key, item] end), buffers)
    end
  end

  defp pack_python(:float, :nan, buffers), do: {[0xCB, @nan], buffers}
  defp pack_python(:float, :infinity, buffers), do: {[0xCB, @infinity], buffers}
  defp pack_python(:float, :neg_infinity, buffers), do: {[0xCB, @neg_infinity], buffers}
  defp pack_python(:bytes, value, buffers), do: {pack_binary(value), buffers}
  defp pack_python(:bytearray, value, buffers), do: tag(:bytearray, {:bytes, value}, buffers)
  defp pack_python(:text, value, buffers), do: {extension(:text, value), buffers}

  defp pack_python(:frozenset, value, buffers),
    do: tag(:frozenset, MapSet.to_list(value), buffers)

  defp pack_python(:object, {path, fields}, buffers), do: tag(:object, [path, fields], buffers)

  defp pack_python(:tensor, {dtype, shape, data}, buffers) do
    {data, buffers} = beside(data, buffers)
    tag(:tensor, [dtype, shape, data], buffers)
  end

  defp pack_python(:arrow, {data, kind}, buffers) do
    {data, buffers} = beside(data, buffers)
    tag(:arrow, [data, kind], buffers)
  end

  defp pack_python(:timedelta, value, buffers) do
    tag(:time, ["timedelta", Tuple.to_list(value)], buffers)
  end

  defp pack_python(type, text, buffers) when type in [:date, :time, :datetime] do
    moment(Atom.to_string(type), text, buffers)
  end

  defp pack_python(type, value, buffers) when is_tuple(value) do
    tag(type, Tuple.to_list(value), buffers)
  end

  defp pack_python(type, value, buffers), do: tag(type, value, buffers)

  defp pack_integer(value) when value in 0..0x7F, do: <<value>>
  defp pack_integer(value) when value in -0x20..-1, do: <<value::signed-8>>
  defp pack_integer(value) when value in 0..0xFF, do: <<0xCC, value>>
  defp pack_integer(value) when value in 0..0xFFFF, do: <<0xCD, value::16>>
  defp pack_integer(value) when value in 0..0xFFFFFFFF, do: <<0xCE, value::32>>
  defp pack_integer(value) when value in 0..@max_int, do: <<0xCF, value::64>>
  defp pack_integer(value) when value in -0x80..-1, do: <<0xD0, value::signed-8>>
  defp pack_integer(value) when value in -0x8000..-1, do: <<0xD1, value::signed-16>>
  defp pack_integer(value) when value in -0x80000000..-1, do: <<0xD2, value::signed-32>>
  defp pack_integer(value) when value in @min_int..-1, do: <<0xD3, value::signed-64>>
  defp pack_integer(value), do: extension(:int, signed(value, 9))

  defp signed(value, size) do
    bits = 8 * size
    data = <<value::signed-size(bits)>>
    <<back::signed-size(bits)>> = data
    if back == value, do: data, else: signed(value, size + 1)
  end

  defp pack_text(value), do: [head(byte_size(value), 0xA0, 31, 0xD9, 0xDA, 0xDB), value]
  defp pack_binary(value), do: [head(byte_size(value), nil, -1, 0xC4, 0xC5, 0xC6), value]

  defp pack_list(items, buffers) do
    {packed, buffers} = Enum.map_reduce(items, buffers, &pack/2)
    {[head(length(items), 0x90, 15, nil, 0xDC, 0xDD), packed], buffers}
  end

  defp head(size, fixed, most, _one, _two, _four) when size <= most, do: <<fixed + size>>

  defp head(size, _fixed, _most, one, _two, _four) when one != nil and size <= 0xFF,
    do: <<one, size>>

  defp head(size, _fixed, _most, _one, two, _four) when size <= 0xFFFF, do: <<two, size::16>>
  defp head(size, _fixed, _most, _one, _two, four), do: <<four, size::32>>

  defp moment(kind, text, buffers), do: tag(:time, [kind, text], buffers)

  defp tag(type, payload, buffers) do
    {data, buffers} = pack(payload, buffers)
    {extension(type, IO.iodata_to_binary(data)), buffers}
  end

  defp extension(type, data) do
    code = Map.fetch!(@codes, type)

    case byte_size(data) do
      1 -> [<<0xD4, code>>, data]
      2 -> [<<0xD5, code>>, data]
      4 -> [<<0xD6, code>>, data]
      8 -> [<<0xD7, code>>, data]
      16 -> [<<0xD8, code>>, data]
      size when size <= 0xFF -> [<<0xC7, size, code>>, data]
      size when size <= 0xFFFF -> [<<0xC8, size::16, code>>, data]
      size -> [<<0xC9, size::32, code>>, data]
    end
  end

  defp beside(data, buffers) when byte_size(data) < @large, do: {{:bytes, data}, buffers}
  defp beside(data, buffers), do: {length(buffers), [data | buffers]}

  defp plain_key?(%Python{type: type}), do: type in [:float, :bytes]
  defp plain_key?({:bytes, value}), do: is_binary(value)
  defp plain_key?(key) when is_integer(key), do: key in @min_int..@max_int
  defp plain_key?(key), do: is_binary(key) or is_float(key) or key in [nil, true, false]

  # Reading.

  defp unpack(<<value, rest::binary>>, _buffers) when value <= 0x7F, do: {value, rest}
  defp unpack(<<8::4, size::4, rest::binary>>, buffers), do: unpack_map(rest, size, [], buffers)
  defp unpack(<<9::4, size::4, rest::binary>>, buffers), do: unpack_list(rest, size, [], buffers)
  defp unpack(<<5::3, size::5, rest::binary>>, _buffers), do: take(rest, size)
  defp unpack(<<0xC0, rest::binary>>, _buffers), do: {nil, rest}
  defp unpack(<<0xC2, rest::binary>>, _buffers), do: {false, rest}
  defp unpack(<<0xC3, rest::binary>>, _buffers), do: {true, rest}
  defp unpack(<<0xC4, size, rest::binary>>, _buffers), do: take(rest, size)
  defp unpack(<<0xC5, size::16, rest::binary>>, _buffers), do: take(rest, size)
  defp unpack(<<0xC6, size::32, rest::binary>>, _buffers), do: take(rest, size)

  defp unpack(<<0xC7, size, code, rest::binary>>, buffers),
    do: unpack_extension(rest, size, code, buffers)

  defp unpack(<<0xC8, size::16, code, rest::binary>>, buffers),
    do: unpack_extension(rest, size, code, buffers)

  defp unpack(<<0xC9, size::32, code, rest::binary>>, buffers),
    do: unpack_extension(rest, size, code, buffers)

  defp unpack(<<0xCA, bits::binary-4, rest::binary>>, _buffers), do: {unpack_float(bits), rest}
  defp unpack(<<0xCB, bits::binary-8, rest::binary>>, _buffers), do: {unpack_float(bits), rest}
  defp unpack(<<0xCC, value, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xCD, value::16, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xCE, value::32, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xCF, value::64, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xD0, value::signed-8, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xD1, value::signed-16, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xD2, value::signed-32, rest::binary>>, _buffers), do: {value, rest}
  defp unpack(<<0xD3, value::signed-64, rest::binary>>, _buffers), do: {value, rest}

  defp unpack(<<first, code, rest::binary>>, buffers) when first in 0xD4..0xD8,
    do: unpack_extension(rest, 2 ** (first - 0xD4), code, buffers)

  defp unpack(<<0xD9, size, rest::binary>>, _buffers), do: take(rest, size)
  defp unpack(<<0xDA, size::16, rest::binary>>, _buffers), do: take(rest, size)
  defp unpack(<<0xDB, size::32, rest::binary>>, _buffers), do: take(rest, size)

  defp unpack(<<0xDC, size::16, rest::binary>>, buffers),
    do: unpack_list(rest, size, [], buffers)

  defp unpack(<<0xDD, size::32, rest::binary>>, buffers),
    do: unpack_list(rest, size, [], buffers)

  defp unpack(<<0xDE, size::16, rest::binary>>, buffers), do: unpack_map(rest, size, [], buffers)
  defp unpack(<<0xDF, size::32, rest::binary>>, buffers), do: unpack_map(rest, size, [], buffers)
  defp unpack(<<7::3, value::5, rest::binary>>, _buffers), do: {value - 32, rest}
  defp unpack(_data, _buffers), do: unreadable("it ends in the middle of a value, or is none")

  defp take(data, size) do
    case data do
      <<value::binary-size(size), rest::binary>> -> {value, rest}
      _short -> unreadable("it ends in the middle of a text")
    end
  end

  defp unpack_list(rest, 0, items, _buffers), do: {Enum.reverse(items), rest}

  defp unpack_list(data, size, items, buffers) do
    {item, rest} = unpack(data, buffers)
    unpack_list(rest, size - 1, [item | items], buffers)
  end

  defp unpack_map(rest, 0, pairs, _buffers), do: {Map.new(pairs), rest}

  defp unpack_map(data, size, pairs, buffers) do
    {key, rest} = unpack(data, buffers)
    {value, rest} = unpack(rest, buffers)
    unpack_map(rest, size - 1, [{key, value} | pairs], buffers)
  end

  defp unpack_float(<<value::float-64>>), do: value
  defp unpack_float(<<value::float-32>>), do: value
  defp unpack_float(<<0::1, @quiet::11, 0::52>>), do: %Python{type: :float, value: :infinity}
  defp unpack_float(<<1::1, @quiet::11, 0::52>>), do: %Python{type: :float, value: :neg_infinity}
  defp unpack_float(<<0::1, 0xFF::8, 0::23>>), do: %Python{type: :float, value: :infinity}
  defp unpack_float(<<1::1, 0xFF::8, 0::23>>), do: %Python{type: :float, value: :neg_infinity}
  defp unpack_float(_bits), do: %Python{type: :float, value: :nan}

  defp unpack_extension(data, size, code, buffers) do
    {payload, rest} = take(data, size)

    value =
      case Map.get(@tags, code) do
        nil ->
          unreadable("no value has the extension type #{code}")

        :int ->
          bits = 8 * byte_size(payload)
          <<value::signed-size(bits)>> = payload
          value

        :text ->
          %Python{type: :text, value: payload}

        type ->
          case unpack(payload, buffers) do
            {value, ""} -> revive(type, value, buffers)
            {_value, _rest} -> unreadable("an extension holds more than one value")
          end
      end

    {value, rest}
  end

  defp revive(:ref, [session, id, epoch, type], _buffers) do
    %Ref{id: id, type: type, session: if(session != "", do: session), epoch: epoch}
  end

  defp revive(:tuple, items, _buffers) when is_list(items), do: List.to_tuple(items)
  defp revive(:set, items, _buffers) when is_list(items), do: MapSet.new(items)

  defp revive(:frozenset, items, _buffers) when is_list(items),
    do: %Python{type: :frozenset, value: MapSet.new(items)}

  defp revive(:dict, pairs, _buffers) when is_list(pairs) do
    Map.new(pairs, fn
      [key, value] -> {key, value}
      _other -> unreadable("a dictionary is pairs")
    end)
  end

  defp revive(:tensor, [dtype, shape, data], buffers),
    do: %Python{type: :tensor, value: {dtype, shape, raw(data, buffers)}}

  defp revive(:arrow, [data, kind], buffers),
    do: %Python{type: :arrow, value: {raw(data, buffers), kind}}

  defp revive(:time, [kind, value], _buffers), do: revive_moment(kind, value)

  defp revive(type, items, _buffers) when is_list(items),
    do: %Python{type: type, value: List.to_tuple(items)}

  defp revive(type, value, _buffers)
       when type in [:decimal, :uuid, :bytearray] and is_binary(value),
       do: %Python{type: type, value: value}

  defp revive(:result, index, _buffers) when is_integer(index),
    do: %Python{type: :result, value: index}

  defp revive(type, _payload, _buffers), do: unreadable("what is in it is no #{type}")

  defp raw(index, buffers) when is_integer(index) and index in 0..(tuple_size(buffers) - 1)//1,
    do: elem(buffers, index)

  defp raw(data, _buffers) when is_binary(data), do: data
  defp raw(_data, _buffers), do: unreadable("a buffer did not come")

  defp revive_moment("timedelta", [days, seconds, microseconds]),
    do: %Python{type: :timedelta, value: {days, seconds, microseconds}}

  defp revive_moment("date", text), do: own(Date.from_iso8601(text), :date, text)

  defp revive_moment("time", text) when is_binary(text) do
    # Elixir's Time would drop an offset without a word.
    if String.contains?(text, ["+", "-", "Z"]),
      do: %Python{type: :time, value: text},
      else: own(Time.from_iso8601(text), :time, text)
  end

  defp revive_moment("datetime", text) when is_binary(text) do
    case Regex.run(~r/\A(.{19}(?:\.\d+)?)(?:([+-])(\d\d):(\d\d))?(?:\[(.+)\])?\z/, text) do
      [_all, local] ->
        own(NaiveDateTime.from_iso8601(local), :datetime, text)

      [_all, local, sign, hours, minutes] ->
        zoned(text, local, {sign, hours, minutes}, nil)

      [_all, local, sign, hours, minutes, zone] ->
        zoned(text, local, {sign, hours, minutes}, zone)

      nil ->
        %Python{type: :datetime, value: text}
    end
  end

  defp revive_moment(_kind, _value), do: unreadable("no time is like that")

  defp own({:ok, value}, _type, _text), do: value
  defp own({:error, _reason}, type, text), do: %Python{type: type, value: text}

  defp zoned(text, local, {sign, hours, minutes}, zone) do
    seconds = String.to_integer(hours) * 3600 + String.to_integer(minutes) * 60
    offset = if sign == "-", do: -seconds, else: seconds
    shown = "#{sign}#{hours}:#{minutes}"

    {zone, shown} =
      if zone == nil and offset == 0, do: {"Etc/UTC", "UTC"}, else: {zone || shown, shown}

    case NaiveDateTime.from_iso8601(local) do
      {:ok, naive} ->
        fields = [time_zone: zone, zone_abbr: shown, utc_offset: offset, std_offset: 0]
        naive |> Map.from_struct() |> Map.merge(Map.new(fields)) |> then(&struct!(DateTime, &1))

      {:error, _reason} ->
        %Python{type: :datetime, value: text}
    end
  end

  @spec unreadable(String.t()) :: no_return()
  defp unreadable(why), do: throw({:unreadable, why})
end
