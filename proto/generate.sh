#!/usr/bin/env bash
# Generates pybridge_worker/v1 from pybridge/v1/*.proto into the folder given (default: analyzer).
#
# The proto package is pybridge.v1; the Python package is pybridge_worker.v1. protoc derives a Python module's name from
# the file's path, so the folder is mounted under another path with -IVIRTUAL=REAL. Files there import only google/*.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../analyzer}
bin=${PYBRIDGE_BIN:-$here/../.venv/bin}
PATH=$bin:$PATH "$bin/python" -m grpc_tools.protoc \
    "-Ipybridge_worker/v1=$here/pybridge/v1" \
    "--python_out=$out" "--grpc_python_out=$out" "--mypy_out=quiet:$out" "--mypy_grpc_out=quiet:$out" \
    pybridge_worker/v1/health.proto pybridge_worker/v1/pybridge.proto pybridge_worker/v1/reflection.proto \
    pybridge_worker/v1/status.proto
for messages in health reflection status; do
    rm -f "$out/pybridge_worker/v1/${messages}_pb2_grpc.py" "$out/pybridge_worker/v1/${messages}_pb2_grpc.pyi"
done
