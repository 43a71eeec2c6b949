#!/usr/bin/env bash
# Runs Dialyzer on folders of compiled modules: dialyze.sh EBIN...
#
# Needs only Debian's `elixir` and `erlang-dialyzer`. The table of types (PLT) of the standard modules is built on
# first use (a few seconds) and kept in $PYBRIDGE_PLT_DIR, by default the user's cache folder.
# Exit status: 0 clean, 2 warnings, 1 Dialyzer could not run.
set -euo pipefail
export LC_ALL=C.UTF-8

cache=${PYBRIDGE_PLT_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/pybridge}
elixir_lib=$(elixir -e 'IO.write(Path.expand(to_string(:code.lib_dir(:elixir))))')
otp_lib=$(erl -noshell -eval 'io:put_chars(code:lib_dir()), halt().')
otp=$(erl -noshell -eval 'io:put_chars(erlang:system_info(otp_release)), halt().')
versions=$(erl -noshell -pa "$elixir_lib/ebin" -eval '
    [application:load(A) || A <- [elixir, stdlib, kernel]],
    V = fun(A) -> {ok, X} = application:get_key(A, vsn), X end,
    io:put_chars(lists:join("-", [V(elixir), erlang:system_info(version), V(stdlib), V(kernel)])), halt().')
plt=$cache/elixir-$(printf %s "$versions" | tr -c 'A-Za-z0-9.-' _).plt

# Dialyzer reads Elixir's beams through `elixir_erl`, which it finds here.
export ERL_LIBS=${elixir_lib%/elixir}

if [ ! -f "$plt" ]; then
  mkdir -p "$cache"
  modules=()
  for name in Kernel Enum Enumerable Keyword Map MapSet String String.Chars Stream GenServer Supervisor Exception \
      ArgumentError RuntimeError Access Process Regex System Inspect Inspect.Algebra Application Agent Port URI IO File \
      List Tuple Range Atom Integer Float Base Task Code Macro Date DateTime NaiveDateTime Time; do
    modules+=("$elixir_lib/ebin/Elixir.$name.beam")
  done
  # Built beside its place and moved there, so that two runs at once do no harm.
  new=$(mktemp "$cache/new.XXXXXX")
  trap 'rm -f "$new" "$new.log"' EXIT
  dialyzer --build_plt --output_plt "$new" \
    "$elixir_lib/ebin/elixir.beam" "$elixir_lib/ebin/elixir_erl_pass.beam" "${modules[@]}" \
    "$otp_lib"/erts-*/ebin/{erlang,atomics}.beam "$otp_lib"/kernel-*/ebin/{gen_tcp,inet,code,application}.beam \
    "$otp_lib"/stdlib-*/ebin/{lists,maps,gen_server,gen,proc_lib,binary,unicode,string}.beam \
    > "$new.log" 2>&1 || [ $? -eq 2 ] || { cat "$new.log" >&2; exit 1; }
  mv "$new" "$plt"
fi

# Calls of modules outside the table are no news; OTP 25 does not know the flag, nor reports them by default.
flags=()
[ "$otp" -lt 26 ] || flags+=(-Wno_unknown)
status=0
dialyzer --quiet --plt "$plt" "${flags[@]}" -r "$@" || status=$?
exit "$status"
