defmodule PyBridge.ArgumentsTest do
  use ExUnit.Case, async: true

  alias PyBridge.{Arguments, Error}

  defp arrange(args, opts \\ [], kwargs \\ []), do: Arguments.arrange("lib.f", args, opts, kwargs)

  test "named arguments, options and keyword arguments go by keyword" do
    assert {:ok, [], %{"a" => 1, "b" => 2, "c" => 3, "d e" => 4}} ==
             arrange([a: 1], [b: 2], [{:c, 3}, {"d e", 4}])

    assert {:ok, [], %{"c" => 3}} == arrange([], [], %{c: 3})
  end

  test "a pair holds positional and named ones" do
    assert {:ok, [1, {:bytes, "x"}, [k: 2]], %{"b" => 3}} ==
             arrange({[1, {:bytes, "x"}, [k: 2]], [b: 3]})
  end

  test "optional positional ones come from the options" do
    assert {:ok, [1], %{}} == arrange({[1], [:low, :high], [], []})
    assert {:ok, [1, 2], %{"x" => 9}} == arrange({[1], [:low, :high], [], []}, low: 2, x: 9)

    assert {:ok, [1, 2, 3, 4], %{"k" => 5}} ==
             arrange({[1], [:low, :high], [4], [k: 5]}, high: 3, low: 2)
  end

  test "a gap before a given one is filled by its default" do
    assert {:ok, [1, 0.0, 3], %{}} == arrange({[1], [low: 0.0, high: 1.0], [], []}, high: 3)
    assert {:ok, [1, 0.0, 1.0, 4], %{}} == arrange({[1], [low: 0.0, high: 1.0], [4], []})
  end

  test "a gap that nothing fills is an error that names it" do
    assert {:error, %Error{kind: :argument, type: "TypeError", message: message}} =
             arrange({[1], [:low, :high], [], []}, high: 3)

    assert message =~ "`low` must be given"
    assert {:error, %Error{}} = arrange({[], [:low], [4], []})
  end

  test "nil and false are values like others" do
    assert {:ok, [nil, false], %{"nil" => nil}} ==
             arrange({[], [a: 1, b: 2], [], []}, [{:a, nil}, {:b, false}, {nil, nil}])
  end

  test "of an option given twice the first counts" do
    assert {:ok, [], %{"a" => 1}} == arrange([], a: 1, a: 2)
    assert {:ok, [1], %{}} == arrange({[], [:a], [], []}, a: 1, a: 2)
  end

  test "a name from two places is an error, atom or string" do
    for {args, opts, kwargs} <- [
          {[a: 1], [a: 2], []},
          {[a: 1], [], %{"a" => 2}},
          {[], [a: 1], [{"a", 2}]},
          {[], [], [{"a", 1}, {:a, 2}]}
        ] do
      assert {:error, %Error{type: "TypeError"}} = arrange(args, opts, kwargs)
    end
  end
end
