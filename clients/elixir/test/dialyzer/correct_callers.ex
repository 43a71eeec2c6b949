defmodule CorrectCallers do
  @moduledoc """
  Right uses of the sample library, of which Dialyzer must not complain.
  """

  alias Fakelib.{ChainOfThought, Predict, Prediction, Text}
  alias PyBridge.Error

  def objects do
    with {:ok, predict} <-
           Predict.create("question -> answer", [mode: :best, callbacks: nil], a: 1),
         {:ok, chain} <- ChainOfThought.create(predict),
         {:ok, _twice} <- ChainOfThought.create(chain),
         {:ok, prediction} <-
           Predict.call(predict, %{"question" => "why"}, pybridge: [timeout: 5]),
         {:ok, answer} <- Prediction.answer(prediction) do
      PyBridge.Runtime.release([predict, chain])
      String.upcase(answer)
    end
  end

  def overloads(%Predict{} = predict) do
    {:ok, text} = Predict.get(predict, "key")
    {:ok, number} = Predict.get(predict, 1)
    String.duplicate(text, round(number))
  end

  def streams(%Predict{} = predict) do
    {:ok, chunks} = Predict.stream(predict, 3, delay: 1, pybridge: [timeout: :infinity])
    texts = Enum.map(chunks, &Map.get(&1, "text"))
    texts ++ Enum.take(Text.words!("a b"), 1)
  end

  def errors(%Predict{} = predict) do
    case Predict.load(predict, "path", allow_pickle: false) do
      {:ok, nil} -> :loaded
      {:error, %Error{kind: :timeout}} -> :late
      {:error, error} -> if Error.matches?(error, "OSError"), do: :missing, else: raise(error)
    end
  rescue
    error in Error -> {:raised, Exception.message(error)}
  end

  def options do
    nil = Fakelib.configure!(lm: "x", pybridge: [session: "one", worker: self()])
    Text.join!("a", ["b"], separator: "-") <> Text.alphabet!()
  end

  def odd_names(%Predict{} = predict), do: Predict.end_(predict, [{nil, 5}])

  def offline do
    PyBridge.Worker.start_link(
      transport: PyBridge.Transport.Fake,
      address: PyBridge.Transport.Fake.replies(Fakelib),
      options: [notify: self()]
    )
  end
end
