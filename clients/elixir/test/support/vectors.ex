defmodule PyBridge.Vectors do
  @moduledoc false

  # Just enough JSON for the file of vectors: OTP has none yet, and Hex is not asked for any.

  def values do
    default = Path.expand("../../../../tests/vectors/values.json", __DIR__)
    path = System.get_env("PYBRIDGE_VECTORS", default)
    {document, _rest} = path |> File.read!() |> value()
    document["values"]
  end

  defp value(<<char, rest::binary>>) when char in ' \n\t\r', do: value(rest)
  defp value("null" <> rest), do: {nil, rest}
  defp value("true" <> rest), do: {true, rest}
  defp value("false" <> rest), do: {false, rest}
  defp value("\"" <> rest), do: text(rest, [])
  defp value("[" <> rest), do: items(skip(rest), [])
  defp value("{" <> rest), do: members(skip(rest), [])
  defp value(data), do: Integer.parse(data)

  defp text("\"" <> rest, done), do: {done |> Enum.reverse() |> IO.iodata_to_binary(), rest}
  # Surrogates stay escapes: no member that is looked at has any.
  defp text("\\u" <> <<digits::binary-4, rest::binary>>, done),
    do: text(rest, ["\\u#{digits}" | done])

  defp text("\\n" <> rest, done), do: text(rest, ["\n" | done])
  defp text(<<"\\", char, rest::binary>>, done), do: text(rest, [char | done])
  defp text(<<char, rest::binary>>, done), do: text(rest, [char | done])

  defp items("]" <> rest, done), do: {Enum.reverse(done), rest}
  defp items("," <> rest, done), do: items(skip(rest), done)

  defp items(data, done) do
    {item, rest} = value(data)
    items(skip(rest), [item | done])
  end

  defp members("}" <> rest, done), do: {Map.new(done), rest}
  defp members("," <> rest, done), do: members(skip(rest), done)

  defp members(data, done) do
    {key, rest} = value(data)
    ":" <> rest = skip(rest)
    {item, rest} = value(rest)
    members(skip(rest), [{key, item} | done])
  end

  defp skip(data), do: String.trim_leading(data)
end
