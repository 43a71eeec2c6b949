#!/usr/bin/env bash
# ensure.sh WHAT COMMAND[,COMMAND] PACKAGE...
# Installs Debian packages where commands are missing and that is possible; says so where it is not, and never fails the rest.
set -u
what=$1
IFS=, read -r -a commands <<<"$2"
shift 2
are_there() {
  for one in "${commands[@]}"; do command -v "$one" >/dev/null || return 1; done
}
if are_there; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo "$what: not installed, and this system has no apt-get; what needs it is left out" >&2
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    echo "$what: not installed, and installing it needs root; what needs it is left out" >&2
    exit 0
  fi
fi
echo "$what: installing $* from Debian" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >/dev/null 2>&1
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
are_there || echo "$what: the installation failed; what needs it is left out" >&2
exit 0
