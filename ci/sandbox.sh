#!/usr/bin/env bash
# Runs a command on untrusted source: no network, the source read-only at /tmp/source, one writable folder at /tmp/output,
# an unprivileged user, an empty environment, and nothing that outlives the command.
#
#   ci/sandbox.sh SOURCE OUTPUT COMMAND [ARGUMENT]...
#   ci/sandbox.sh ./library ./out pybridge export --path /tmp/source -o /tmp/output/library.json
set -euo pipefail
if [ "$#" -lt 3 ]; then
  sed -n '5,6s/^#   /usage: /p' "$0" >&2
  exit 2
fi
source=$(realpath -- "$1")
output=$(realpath -- "$2")
shift 2
exec bwrap \
  --unshare-all --die-with-parent --new-session \
  --uid 65534 --gid 65534 --cap-drop ALL \
  --ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /run \
  --ro-bind "$source" /tmp/source --bind "$output" /tmp/output --chdir /tmp/output \
  --clearenv --setenv PATH "$PATH" --setenv HOME /tmp --setenv LC_ALL C.UTF-8 \
  --setenv PYBRIDGE_STORE /tmp/output/store.git --setenv PYBRIDGE_CACHE /tmp/output/cache \
  "$@"
