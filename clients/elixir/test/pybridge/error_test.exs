defmodule PyBridge.ErrorTest do
  use ExUnit.Case, async: true

  alias PyBridge.Error

  test "the message is Python's, with its notes" do
    error = %Error{
      kind: :python,
      type: "json.JSONDecodeError",
      message: "bad",
      notes: ["in x", "y"]
    }

    assert "json.JSONDecodeError: bad\nin x\ny" == Exception.message(error)
  end

  test "the message is never empty" do
    assert "KeyboardInterrupt" == Exception.message(%Error{type: "KeyboardInterrupt"})

    for kind <- Error.kinds() do
      assert "" != Exception.message(%Error{kind: kind})
    end
  end

  test "an error of the bridge's own says its message only" do
    assert "no answer in 5 ms" == Exception.message(Error.new(:timeout, "no answer in 5 ms"))
  end

  test "it matches its class and the bases of it" do
    error = %Error{type: "builtins.KeyError", bases: ["builtins.LookupError", "Exception"]}

    for class <- ["KeyError", "builtins.KeyError", "LookupError", "builtins.Exception"] do
      assert Error.matches?(error, class)
    end

    refute Error.matches?(error, "ValueError")
    refute Error.matches?(Error.new(:timeout, "late"), "Exception")
  end
end
