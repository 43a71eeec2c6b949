defmodule PyBridge.ValueTest do
  use ExUnit.Case, async: true

  alias PyBridge.{Ref, Value}

  @ref %Ref{id: 1, type: "a.B"}

  test "what Python has goes out as it is" do
    now = DateTime.utc_now()

    for value <- [
          nil,
          true,
          1,
          1.0,
          "é",
          <<255>>,
          [],
          {},
          %{},
          %{1 => {2}},
          now,
          ~D[2026-01-01],
          @ref
        ] do
      assert {value, for(%Ref{} = ref <- [value], do: ref)} == Value.encode(value)
    end
  end

  test "forced bytes keep their mark" do
    assert {[{:bytes, "text"}], []} == Value.encode([{:bytes, "text"}])
    assert {{"bytes", 5}, []} == Value.encode({:bytes, 5})
  end

  test "atoms become strings at every depth, and nil, true and false do not" do
    assert {%{"a" => {["b", nil], MapSet.new(["c", true])}}, []} ==
             Value.encode(%{a: {[:b, nil], MapSet.new([:c, true])}})
  end

  test "the references are told in reverse order, however deep" do
    other = %{@ref | id: 2}

    assert {_value, [^other, @ref]} =
             Value.encode([%{x: @ref}, {MapSet.new([%Fakelib.Predict{ref: other}])}])
  end

  test "references in results are wrapped at every depth, and the rest is kept" do
    wrap = fn %Ref{id: id} -> {:wrapped, id} end
    date = ~D[2026-01-01]

    assert [{:wrapped, 1}, %{"k" => {{:wrapped, 1}, 5}}, MapSet.new([{:wrapped, 1}]), date, nil] ==
             Value.decode([@ref, %{"k" => {@ref, 5}}, MapSet.new([@ref]), date, nil], wrap)
  end
end
