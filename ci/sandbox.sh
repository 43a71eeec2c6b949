#!/usr/bin/env bash
# Runs a command on untrusted source: no network, the source read-only at /mnt/source, one writable folder at /mnt/output,
# an unprivileged user, an empty environment, and nothing that outlives the command.
#
#   ci/sandbox.sh SOURCE OUTPUT COMMAND [ARGUMENT]...
#   ci/sandbox.sh ./library ./out pybridge export --path /mnt/source -o /mnt/output/library.json
set -euo pipefail
if [ "$#" -lt 3 ]; then
  sed -n '5,6s/^#   /usage: /p' "$0" >&2
  exit 2
fi
source=$(realpath -- "$1")
output=$(realpath -- "$2")
shift 2
# Temporary files of others are nobody's business, unless the program itself lies among them.
hidden=(--tmpfs /tmp)
case "$(command -v -- "$1" || true)" in /tmp/*) hidden=() ;; esac
exec bwrap \
  --unshare-all --die-with-parent --new-session \
  --uid 65534 --gid 65534 --cap-drop ALL \
  --ro-bind / / --dev /dev --proc /proc --tmpfs /mnt --dir /mnt/home --tmpfs /run "${hidden[@]}" \
  --ro-bind "$source" /mnt/source --bind "$output" /mnt/output --chdir /mnt/output \
  --clearenv --setenv PATH "$PATH" --setenv HOME /mnt/home --setenv TMPDIR /mnt/home --setenv LC_ALL C.UTF-8 \
  --setenv PYBRIDGE_STORE /mnt/output/store.git --setenv PYBRIDGE_CACHE /mnt/output/cache \
  "$@"
