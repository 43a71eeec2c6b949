defmodule PyBridge.RuntimeTest do
  use ExUnit.Case

  import PyBridge.Probe

  alias Fakelib.{ChainOfThought, Predict, Prediction}
  alias PyBridge.{Error, Ref, Request, Runtime}
  alias PyBridge.Transport.Fake

  describe "requests" do
    setup do
      start_worker(fn _request -> {:ok, nil} end)
      :ok
    end

    test "name the class to create one" do
      Predict.create("question -> answer", [mode: :fast], temperature_scale: 2)

      assert_received {:pybridge_request,
                       %Request{
                         tool_name: "fakelib.Predict",
                         operation: :create,
                         target: nil,
                         positional: [],
                         keyword: %{
                           "signature" => "question -> answer",
                           "mode" => "fast",
                           "temperature_scale" => 2
                         },
                         streaming: false
                       }}
    end

    test "carry the object of a method call" do
      %{ref: ref} = predict = predict()

      Predict.load(predict, "text", allow_pickle: true)

      assert_received {:pybridge_request,
                       %Request{
                         tool_name: "fakelib.Predict.load",
                         operation: :call,
                         target: ^ref,
                         keyword: %{"path" => "text", "allow_pickle" => true}
                       }}
    end

    test "keep Python's names for renamed functions and for options named nil" do
      Predict.end_(predict(), [{nil, 5}])

      assert_received {:pybridge_request,
                       %Request{
                         tool_name: "fakelib.Predict.end",
                         keyword: %{"nil" => 5} = keyword
                       }}

      assert map_size(keyword) == 1
    end

    test "send nil as an argument, never as an empty string" do
      Predict.create("s", callbacks: nil)

      assert_received {:pybridge_request, %Request{keyword: %{"callbacks" => nil}}}
    end

    test "have no target for class methods, functions and variables" do
      Predict.from_dict(%{"a" => 1})
      Fakelib.configure(lm: "x")
      Fakelib.Text.alphabet()

      assert_received {:pybridge_request,
                       %Request{tool_name: "fakelib.Predict.from_dict", target: nil}}

      assert_received {:pybridge_request, %Request{tool_name: "fakelib.configure", target: nil}}

      assert_received {:pybridge_request,
                       %Request{tool_name: "fakelib.text.ALPHABET", target: nil, operation: :get}}
    end

    test "read and write properties" do
      predict = predict()

      assert {:ok, nil} = Predict.set_temperature(predict, 0.5)
      Predict.temperature(predict)

      assert_received {:pybridge_request,
                       %Request{
                         tool_name: "fakelib.Predict.temperature",
                         operation: :set,
                         positional: [0.5],
                         keyword: keyword
                       }}

      assert keyword == %{}
      assert_received {:pybridge_request, %Request{operation: :get, positional: []}}
    end

    test "pass objects as references, at any depth" do
      %{ref: ref} = predict = predict()

      Predict.create("s", callbacks: [%{inner: {predict, ref}}])

      assert_received {:pybridge_request,
                       %Request{keyword: %{"callbacks" => [%{"inner" => {^ref, ^ref}}]}}}
    end
  end

  describe "results" do
    test "of Python's None are nil" do
      start_worker(fn _request -> {:ok, nil} end)

      assert {:ok, nil} == Predict.load(predict(), "text")
      assert nil == Fakelib.configure!()
    end

    test "become the struct of the class they are of" do
      start_worker(fn _request -> {:ok, Fake.object("fakelib.primitives.Prediction")} end)

      assert {:ok, %Prediction{ref: %Ref{worker: PyBridge.Worker}}} = Predict.call(predict())
    end

    test "become the struct of the nearest known base" do
      bases = ["private.Base", "fakelib.predict.chain.ChainOfThought", "fakelib.Predict"]
      start_worker(fn _request -> {:ok, [%{"x" => Fake.object("private.Sub", bases: bases)}]} end)

      assert {:ok, [%{"x" => %ChainOfThought{}}]} = Runtime.function(module(), "make")
    end

    test "stay references when no class is known, and can be passed back" do
      start_worker(fn _request -> {:ok, {Fake.object("other.Thing"), 1}} end)

      assert {:ok, {%Ref{type: "other.Thing"} = ref, 1}} = Runtime.function(module(), "make")
      assert {:ok, _} = Runtime.function(module(), "take", thing: ref)
      assert_received {:pybridge_request, %Request{keyword: %{"thing" => ^ref}}}
    end

    test "may be of classes of another generated library" do
      start_worker(fn _request -> {:ok, Fake.object("fakelib.Predict")} end)
      Application.put_env(:pybridge, :roots, [Fakelib])
      on_exit(fn -> Application.delete_env(:pybridge, :roots) end)

      assert {:ok, %Predict{}} = Runtime.function({Other, "other", PyBridge.OtherRoot}, "make")
    end

    test "of create are of the class that was asked for" do
      start_worker(fn _request -> {:ok, Fake.object("private.Made")} end)
      assert {:ok, %Predict{ref: %Ref{type: "private.Made"}}} = Predict.create("s")
    end

    test "of create are of the class that was asked for, also when a subclass is made" do
      start_worker(fn _request -> {:ok, Fake.object("fakelib.ChainOfThought")} end)
      assert {:ok, %Predict{ref: %Ref{type: "fakelib.ChainOfThought"}}} = Predict.create("s")
    end

    test "of create may be plain values, of classes that Python sends by value" do
      start_worker(fn _request -> {:ok, "text"} end)
      assert {:ok, "text"} == Predict.create("s")
    end

    test "remember the session they were made in" do
      start_worker(fn _request -> {:ok, Fake.object("fakelib.Predict")} end)
      {:ok, predict} = Predict.create("s", pybridge: [session: "one"])

      Predict.length(predict)

      assert_received {:pybridge_request, %Request{operation: :call, session: "one"}}
    end
  end

  describe "errors" do
    test "are returned, and raised by the bang variants" do
      error = %Error{kind: :python, type: "ValueError", bases: ["Exception"], message: "bad"}
      start_worker(fn _request -> {:error, error} end)

      assert {:error, ^error} = Predict.create("s")
      assert_raise Error, "ValueError: bad", fn -> Predict.create!("s") end
    end

    test "say that no worker is running" do
      assert {:error, %Error{kind: :unavailable, message: message}} = Predict.create("s")
      assert message =~ "PyBridge.Worker is not running"
    end

    test "name what cannot be sent" do
      start_worker(fn _request -> {:ok, nil} end)

      for part <- [self(), make_ref(), &is_nil/1, %URI{}, [1 | 2], <<1::3>>, %{:a => 1, "a" => 2}] do
        assert {:error, %Error{kind: :argument, message: message}} =
                 Predict.create("s", callbacks: [%{"deep" => {part}}])

        assert message =~ "fakelib.Predict: #{inspect(part, limit: 5)} has no counterpart"
      end

      refute_received {:pybridge_request, _request}
    end

    test "refuse a name given twice, as Python does" do
      start_worker(fn _request -> {:ok, nil} end)

      assert {:error, %Error{kind: :argument, type: "TypeError", message: message}} =
               Predict.create("s", [], %{"signature" => "again"})

      assert message =~ "multiple values for argument 'signature'"
    end
  end

  describe "call options" do
    test "are not sent to Python" do
      start_worker(fn _request -> {:ok, nil} end)

      Predict.load(predict(), "text", pybridge: [timeout: 5, session: "one"])

      assert_received {:pybridge_request,
                       %Request{
                         keyword: keyword,
                         timeout: 5,
                         session: "one",
                         worker: PyBridge.Worker
                       }}

      assert keyword == %{"path" => "text"}
    end

    test "default to the worker's timeout" do
      start_worker(fn _request -> {:ok, nil} end, timeout: :infinity)

      Fakelib.configure()

      assert_received {:pybridge_request, %Request{timeout: :infinity}}
    end

    test "choose the worker, and objects stay with theirs" do
      start_worker(fn _request -> {:error, Error.new(:refused, "not here")} end)
      other = start_worker(fn _request -> {:ok, Fake.object("fakelib.Predict")} end, name: :other)

      assert {:ok, predict} = Predict.create("s", pybridge: [worker: :other])
      assert {:ok, _chain} = ChainOfThought.create(predict)
      assert {:ok, _length} = Predict.length(predict, pybridge: [worker: other])
    end

    test "may not send an object to another worker or session" do
      start_worker(fn _request -> {:ok, nil} end)
      predict = predict(session: "one", worker: :other)

      assert {:error, %Error{kind: :argument}} =
               Predict.length(predict, pybridge: [worker: PyBridge.Worker])

      assert {:error, %Error{kind: :argument, message: message}} =
               Predict.length(%{predict | ref: %{predict.ref | worker: nil}},
                 pybridge: [session: "two"]
               )

      assert message =~ ~s(session "one" cannot be used in the session "two")
    end

    test "that do not exist or make no sense are errors" do
      for opts <- [[timeot: 5], [timeout: 0], [timeout: 1.5], [session: :one], %{timeout: 5}] do
        assert {:error, %Error{kind: :argument}} = Fakelib.configure(pybridge: opts)
      end
    end
  end

  test "callers do not wait for each other" do
    test = self()

    start_worker(fn request ->
      send(test, {:running, self()})
      receive do: (:go -> {:ok, request.keyword["lm"]})
    end)

    tasks = for n <- 1..50, do: Task.async(fn -> Fakelib.configure(lm: n) end)
    callers = for _ <- 1..50, do: receive(do: ({:running, pid} -> pid))
    Enum.each(callers, &send(&1, :go))

    assert Enum.map(1..50, &{:ok, &1}) == Task.await_many(tasks)
  end

  test "released objects are let go of where they are" do
    start_worker(fn _request -> {:ok, nil} end)
    start_worker(fn _request -> {:ok, nil} end, name: :other)
    here = predict()
    there = predict(worker: :other)

    assert :ok == Runtime.release([here, there])

    refs = for _ <- 1..2, do: receive(do: ({:pybridge_release, [ref]} -> ref))
    assert Enum.sort([here.ref, there.ref]) == Enum.sort(refs)
    assert {:error, %Error{kind: :unavailable}} = Runtime.release(predict(worker: :gone))
  end
end

defmodule PyBridge.OtherRoot do
  def __pybridge_classes__, do: %{}
end
