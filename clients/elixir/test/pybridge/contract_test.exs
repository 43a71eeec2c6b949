defmodule PyBridge.ContractTest do
  use ExUnit.Case, async: true

  @contract File.read!("CONTRACT.md")

  for name <- ["fakelib", "fakelib_predict", "fakelib_text"] do
    test "the sample #{name} of the contract is the one that is tested" do
      assert @contract =~ "```elixir\n" <> File.read!("test/support/#{unquote(name)}.ex") <> "```"
    end
  end

  test "the contract lists every function of the runtime that generated modules call" do
    for {name, arity} <- PyBridge.Runtime.__info__(:functions), name != :release do
      assert @contract =~ "`Runtime.#{name}(", "Runtime.#{name}/#{arity} is not in CONTRACT.md"
    end
  end

  test "every class and module of the sample has what the contract asks for" do
    modules =
      Map.values(Fakelib.__pybridge_classes__()) ++ Map.values(Fakelib.__pybridge_modules__())

    for module <- Enum.uniq(modules) do
      descriptor = module.__pybridge_descriptor__()
      assert module == descriptor.elixir_module
      assert %{name: _, python_path: _, kind: _, methods: [_ | _]} = descriptor

      for {name, arity, _python} <- module.__pybridge_methods__() do
        assert function_exported?(module, name, arity)
      end
    end
  end
end
