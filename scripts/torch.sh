#!/bin/sh
# Training speed beside PyTorch on the same model, batch and number of threads, in alternating runs (docs/experiments.md).
# Installs PyTorch from PyPI in ~/.cache/because/torch, or in BECAUSE_TORCH_HOME: several gigabytes.
#
#   sh scripts/torch.sh [RUNS] [SECONDS]
#
# 与 PyTorch 交替比较同一个模型、同样批次、同样线程数的训练速度。
set -eu
cd "$(dirname "$0")/.."
export GOTOOLCHAIN="${GOTOOLCHAIN:-go1.27.3}" GOEXPERIMENT="${GOEXPERIMENT:-simd}"
runs="${1:-5}" seconds="${2:-20}"
home="${BECAUSE_TORCH_HOME:-$HOME/.cache/because/torch}"
[ -x "$home/bin/python" ] || python3 -m venv "$home"
"$home/bin/python" -c 'import torch, numpy' 2>/dev/null || "$home/bin/pip" install -q --disable-pip-version-check --no-cache-dir torch numpy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
go test -c -o "$work/go.test" ./internal/lm
xla=""
plugin="${BECAUSE_XLA_HOME:-$HOME/.cache/because/xla}/libpjrt_cpu.so"
if [ -f "$plugin" ] && CGO_ENABLED=1 go test -tags xla -c -o "$work/xla.test" ./internal/lm; then xla=1; fi
echo "machine  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(getconf _NPROCESSORS_ONLN) cores, load $(cut -d' ' -f1 /proc/loadavg)"
for _ in $(seq "$runs"); do
	printf 'go      '; (cd internal/lm && "$work/go.test" -test.run '^$' -test.bench 'BenchmarkTrain$' -test.benchtime "${seconds}s" | grep -o '[0-9.]* tokens/s')
	[ -z "$xla" ] || { printf 'xla     '; (cd internal/lm && "$work/xla.test" -test.run '^$' -test.bench 'BenchmarkTrainXLA$' -test.benchtime "${seconds}s" | grep -o '[0-9.]* tokens/s'); }
	printf 'pytorch '; "$home/bin/python" scripts/torch_train.py 48 2 "$seconds"
done
