#!/usr/bin/env bash
# Installs Elixir and Dialyzer from Debian where that is possible; says so where it is not, and never fails the rest.
set -u
if command -v elixir >/dev/null && command -v dialyzer >/dev/null; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "elixir: not installed, and this system has no apt-get; the Elixir steps are left out" >&2
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    echo "elixir: not installed, and installing it needs root; the Elixir steps are left out" >&2
    exit 0
  fi
fi
echo "elixir: installing elixir and erlang-dialyzer from Debian" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >/dev/null 2>&1
"${as_root[@]}" apt-get install -y -qq --no-install-recommends elixir erlang-dialyzer >/dev/null 2>&1
command -v elixir >/dev/null || echo "elixir: the installation failed; the Elixir steps are left out" >&2
exit 0
