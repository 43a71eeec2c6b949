defmodule PyBridge.StreamTest do
  use ExUnit.Case

  import PyBridge.Probe

  alias Fakelib.{Predict, Prediction, Text}
  alias PyBridge.{Error, Request, Runtime}
  alias PyBridge.Transport.Fake

  defp counted(n) do
    test = self()
    Stream.map(1..n, fn i -> tap(i, &send(test, {:made, &1})) end)
  end

  defp failing(items),
    do: Enum.concat(items, [%Error{kind: :python, type: "ValueError", message: "late"}])

  describe "opened streams" do
    test "make one streaming request and give its items in order" do
      start_worker(fn _request -> {:stream, counted(5)} end)

      assert {:ok, stream} = Predict.stream(predict(), 5, delay: 0.5)

      assert_received {:pybridge_request,
                       %Request{
                         tool_name: "fakelib.Predict.stream",
                         streaming: true,
                         keyword: %{"n" => 5, "delay" => 0.5}
                       }}

      assert [1, 2, 3, 4, 5] == Enum.to_list(stream)
      assert_received {:pybridge_end, _request, :done}
    end

    test "wait for the first item and no further" do
      start_worker(fn _request -> {:stream, counted(5)} end)

      {:ok, stream} = Text.words("a b")

      assert_received {:made, 1}
      refute_received {:made, 2}
      assert [1, 2] == Enum.take(stream, 2)
      assert_received {:pybridge_end, _request, :halted}
      refute_received {:made, 3}
    end

    test "return an error that comes before the first item" do
      start_worker(fn
        %{keyword: %{"text" => "refused"}} -> {:error, Error.new(:refused, "no")}
        _request -> {:stream, failing([])}
      end)

      assert {:error, %Error{kind: :refused}} = Text.words("refused")
      assert {:error, %Error{type: "ValueError"}} = Text.words("fails")
    end

    test "raise an error that comes later, once, after the items before it" do
      start_worker(fn _request -> {:stream, failing([1, 2])} end)
      test = self()

      {:ok, stream} = Text.words("a")

      assert_raise Error, "ValueError: late", fn ->
        Enum.each(stream, &send(test, {:item, &1}))
      end

      assert_received {:item, 1}
      assert_received {:item, 2}
      assert_received {:pybridge_end, _request, :done}
      refute_received {:pybridge_end, _request, _how}
    end

    test "may be empty" do
      start_worker(fn _request -> {:stream, []} end)

      assert {:ok, stream} = Text.words("")
      assert [] == Enum.to_list(stream)
    end

    test "end their call when the consumer raises" do
      start_worker(fn _request -> {:stream, counted(5)} end)
      {:ok, stream} = Text.words("a")

      assert_raise RuntimeError, "mine", fn -> Enum.each(stream, fn _ -> raise "mine" end) end
      assert_received {:pybridge_end, _request, :halted}
      refute_received {:pybridge_end, _request, _how}
    end

    test "pass on what a broken transport raises, and end it once" do
      broken = Stream.map(1..3, fn i -> if i == 2, do: raise("broken"), else: i end)
      start_worker(fn _request -> {:stream, broken} end)
      {:ok, stream} = Text.words("a")

      assert_raise RuntimeError, "broken", fn -> Enum.to_list(stream) end
      assert_received {:pybridge_end, _request, _how}
      refute_received {:pybridge_end, _request, _how}
    end

    test "end their call once when an item cannot be decoded" do
      start_worker(fn _request -> {:stream, [1, Fake.object("gone.Class"), 3]} end)

      {:ok, stream} = Runtime.open({Gone, "gone", PyBridge.RootWithoutModule}, nil, "f")
      assert_raise UndefinedFunctionError, fn -> Enum.to_list(stream) end

      assert_received {:pybridge_end, _request, :halted}
      refute_received {:pybridge_end, _request, _how}
    end

    test "tell a transport that streams something else, and end its call" do
      test = self()

      stream = Stream.resource(fn -> 1 end, &{[&1], &1}, fn _ -> send(test, :ended) end)

      source = %{
        start: fn -> {:ok, stream} end,
        decode: & &1,
        finish: &send(test, {:finish, &1, &2})
      }

      assert {:error, %Error{kind: :protocol} = error} = PyBridge.ResultStream.open(source)
      assert_received :ended
      assert_received {:finish, {:error, ^error}, 0}
    end

    test "are enumerated once" do
      start_worker(fn _request -> {:stream, [1, 2]} end)
      {:ok, stream} = Text.words("a")

      assert [1, 2] == Enum.to_list(stream)
      assert_raise Error, ~r/enumerated once/, fn -> Enum.to_list(stream) end
    end

    test "are enumerated by their own process" do
      start_worker(fn _request -> {:stream, [1, 2]} end)
      {:ok, stream} = Text.words("a")

      task = Task.async(fn -> catch_error(Enum.to_list(stream)) end)

      assert %Error{kind: :argument} = Task.await(task)
      assert [1, 2] == Enum.to_list(stream)
    end

    test "decode their items" do
      start_worker(fn _request -> {:stream, [Fake.object("fakelib.Prediction")]} end)

      assert {:ok, stream} = Runtime.open(class(), predict().ref, "predictions")
      assert [%Prediction{}] = Enum.to_list(stream)
    end

    test "can be zipped, which suspends them" do
      start_worker(fn _request -> {:stream, counted(5)} end)
      {:ok, stream} = Text.words("a")

      assert [{1, :a}, {2, :b}] == stream |> Stream.zip([:a, :b]) |> Enum.to_list()
      assert_received {:pybridge_end, _request, :halted}
    end
  end

  describe "lazy streams" do
    test "make no call until they are enumerated, and one each time" do
      start_worker(fn _request -> {:stream, counted(3)} end)

      stream = Text.words!("a")
      refute_received {:pybridge_request, _request}

      assert [1] == Enum.take(stream, 1)
      assert [1, 2, 3] == Enum.to_list(stream)
      assert_received {:pybridge_end, _request, :halted}
      assert_received {:pybridge_end, _request, :done}
    end

    test "may be enumerated by other processes" do
      start_worker(fn _request -> {:stream, [1, 2]} end)
      stream = Text.words!("a")

      assert [[1, 2], [1, 2]] ==
               Task.await_many(for _ <- 1..2, do: Task.async(fn -> Enum.to_list(stream) end))
    end

    test "raise every failure" do
      stream = Text.words!("a")
      assert_raise Error, ~r/not running/, fn -> Enum.to_list(stream) end

      start_worker(fn _request -> {:stream, failing([1])} end)
      assert_raise Error, ~r/late/, fn -> Enum.to_list(stream) end
    end
  end
end

defmodule PyBridge.RootWithoutModule do
  def __pybridge_classes__, do: %{"gone.Class" => PyBridge.NoSuchModule}
end
