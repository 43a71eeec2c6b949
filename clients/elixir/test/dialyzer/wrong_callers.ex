defmodule WrongCallers do
  @moduledoc """
  Mistakes that Dialyzer must find: every function here holds one, and each must get a warning.
  """

  alias Fakelib.{ChainOfThought, Predict, Prediction, Text}
  alias PyBridge.Ref

  def wrong_type_of_an_argument, do: Predict.create(42)

  def wrong_type_of_an_argument_to_a_bang, do: Predict.create!(42)

  def wrong_type_of_an_option, do: Predict.create("s", temperature: "hot")

  def misspelt_option, do: Predict.create("s", temprature: 0.5)

  def wrong_literal, do: Predict.create("s", mode: :fastest)

  def option_of_another_function, do: Predict.create("s", allow_pickle: true)

  def misspelt_call_option, do: Text.join("a", [], pybridge: [timeot: 5])

  def wrong_type_of_a_call_option, do: Fakelib.configure(pybridge: [session: :one])

  def not_a_list_of_positional_arguments, do: Text.join("a", "b")

  def wrong_item_among_positional_arguments, do: Text.join("a", [1, 2])

  def keyword_arguments_of_the_wrong_kind, do: Predict.create("s", [], 5)

  def no_overload_takes_it(%Predict{} = predict), do: Predict.get(predict, 1.5)

  def struct_of_another_class do
    {:ok, predict} = Predict.create("s")
    Prediction.answer(predict)
  end

  def instance_of_another_class(%Prediction{} = prediction) do
    ChainOfThought.create(prediction)
  end

  def bare_reference_for_an_object(%Ref{} = ref), do: Predict.length(ref)

  def forgotten_ok do
    predict = Predict.create("s")
    Predict.load(predict, "path")
  end

  def wrong_use_of_a_result do
    {:ok, prediction} = Predict.call(Predict.create!("s"))
    String.upcase(prediction)
  end

  def number_used_as_a_string do
    {:ok, number} = Text.clamp(2)
    String.upcase(number)
  end

  def impossible_pattern do
    case Predict.load(Predict.create!("s"), "path") do
      {:ok, :loaded} -> true
      {:error, _error} -> false
    end
  end

  def error_pattern_of_another_library do
    case Text.join("a") do
      {:ok, text} -> text
      {:error, :enoent} -> ""
    end
  end

  def tuple_pattern_for_a_bang do
    {:ok, text} = Text.join!("a")
    text
  end

  def wrong_kind_of_error do
    case Text.join("a") do
      {:ok, text} -> text
      {:error, %PyBridge.Error{kind: :time_out}} -> ""
    end
  end

  def wrong_value_for_a_property(%Predict{} = predict) do
    Predict.set_temperature(predict, "hot")
  end
end
