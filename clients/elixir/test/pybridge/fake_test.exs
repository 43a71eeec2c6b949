defmodule PyBridge.Transport.FakeTest do
  use ExUnit.Case

  import PyBridge.Probe

  alias Fakelib.{ChainOfThought, Predict, Prediction, Text}
  alias PyBridge.{Error, Runtime}
  alias PyBridge.Transport.Fake

  describe "a table" do
    test "answers by tool name, with replies or functions" do
      start_worker(%{
        "fakelib.text.join" => {:ok, "joined"},
        "fakelib.text.clamp" => fn request -> {:ok, request.positional} end,
        "*" => {:ok, "other"}
      })

      assert {:ok, "joined"} == Text.join("a")
      assert {:ok, [5, 0.0, 2]} == Text.clamp(5, high: 2)
      assert {:ok, "other"} == Text.alphabet()
    end

    test "refuses what it does not list" do
      start_worker(%{})

      assert {:error, %Error{kind: :refused, message: message}} = Text.join("a")
      assert message =~ "fakelib.text.join"
    end
  end

  test "a reply of the wrong form says which forms there are" do
    start_worker(fn _request -> "text" end)

    assert_raise ArgumentError, ~r/"text", not {:ok, value}/, fn -> Text.join("a") end
    assert_raise ArgumentError, ~r/"text", not {:stream, items}/, fn -> Text.words("a") end
  end

  describe "the replies of a library" do
    setup do
      start_worker(Fake.replies(Fakelib, %{"fakelib.text.join" => {:ok, "mine"}}))
      :ok
    end

    test "fit every call that Python would take" do
      assert {:ok, %Predict{} = predict} = Predict.create("s", [mode: :fast], extra: 1)
      assert {:ok, %Prediction{} = prediction} = Predict.call(predict, question: "why")
      assert {:ok, "text"} == Prediction.answer(prediction)
      assert {:ok, nil} == Predict.load(predict, "path")
      assert {:ok, 1.5} == Predict.temperature(predict)
      assert {:ok, nil} == Predict.set_temperature(predict, 2)
      assert {:ok, %ChainOfThought{}} = ChainOfThought.create(predict)
      assert {:ok, stream} = Predict.stream(predict, 2)
      assert [%{"text" => 1}, %{"text" => 1}] == Enum.to_list(stream)
      assert {:ok, 1.5} == Text.clamp(2, high: 1)
      assert {:ok, "text"} == Text.alphabet()
      assert {:ok, nil} == Fakelib.configure()
    end

    test "have objects with the bases of their class" do
      {:ok, chain} = ChainOfThought.create(predict())

      assert "fakelib.predict.predict.Predict" in chain.ref.bases
    end

    test "can be overridden" do
      assert {:ok, "mine"} == Text.join("a", ["b"])
    end

    test "refuse what Python would refuse" do
      predict = predict()

      refused = %{
        "unexpected keyword argument 'tmp'" => fn ->
          Runtime.call(class(), predict.ref, "load", path: "p", tmp: 1)
        end,
        "missing a required argument: 'path'" => fn ->
          Runtime.call(class(), predict.ref, "load")
        end,
        "takes 3 positional arguments but 4 were given" => fn ->
          Runtime.function(module(), "clamp", {[1, 2, 3, 4], []})
        end,
        "unexpected keyword argument 'value'" => fn ->
          Runtime.function(module(), "clamp", value: 1)
        end,
        "multiple values for argument 'path'" => fn ->
          Runtime.call(class(), predict.ref, "load", {["p"], [path: "p"]})
        end
      }

      for {text, call} <- refused do
        assert {:error, %Error{kind: :python, type: "TypeError", message: message}} = call.()
        assert message =~ text
      end
    end
  end
end
