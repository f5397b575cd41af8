#!/bin/sh
# Teaches SmolLM2-135M (Apache-2.0) to write our reasons, from its published GGUF file, and measures it before and after on
# 200 prompts of patterns that no training saw: 200 steps of low-rank adapters, 20 steps of the game, 8 bits, an export, and
# what llama.cpp's server writes with the export. Stopped and started again it goes on where it was, in the middle of a
# training too. Needs scripts/setup-test.sh (the weights and llama-server); with scripts/setup-xla.sh and make build-xla it
# trains on XLA, which takes a quarter of the memory (without it: 18 GB).
#
# 从公开的 GGUF 文件出发，教 SmolLM2-135M（Apache-2.0）写我们的理由，在 200 个训练没见过句式的提示上比较教之前和教之后。停下再
# 运行，就从停下的地方接着做，训练中间也一样。
#
#   sh scripts/smollm2.sh [FOLDER]      FOLDER keeps everything; default dist/smollm2
set -eu
cd "$(dirname "$0")/.."
dir="${1:-dist/smollm2}"
llm="${BECAUSE_LLM_HOME:-$HOME/.cache/because/llm}"
base="${BASE:-$llm/smollm2-135m.gguf}"
plugin="${BECAUSE_XLA_HOME:-$HOME/.cache/because/xla}/libpjrt_cpu.so"
because="${BECAUSE:-./bin/because}"
backend="${BACKEND:-go}"
if [ -z "${BACKEND:-}" ] && [ -x ./bin/because-xla ] && [ -f "$plugin" ]; then
	because=./bin/because-xla
	backend="xla:$plugin"
fi
[ -x "$because" ] || make build
[ -f "$base" ] || { echo "$base is not there: sh scripts/setup-test.sh" >&2; exit 1; }
mkdir -p "$dir"
data="$dir/data"

[ -d "$dir/world" ] || "$because" synth --out "$dir/world" --seed 7 --users 200
if [ ! -d "$data/models" ]; then
	"$because" import dataset "$dir/world" --data "$data"
	"$because" train --data "$data"
fi

# stage NAME COMMAND... keeps what a command prints in FOLDER/NAME.json, and does not run it again.
stage() {
	name="$1"
	shift
	[ -f "$dir/$name.json" ] && return
	echo "== $name" >&2
	"$because" "$@" --data "$data" --json >"$dir/$name.part"
	mv "$dir/$name.part" "$dir/$name.json"
}
id() { sed -n 's/^ *"id": *"\(lm-[0-9a-f]*\)".*/\1/p' "$dir/$1.json" | head -1; }

stage before lm heldout --base "$base" --prompts "${PROMPTS:-200}"
stage likelihood train lm --base "$base" --lora 8 --batch 768 --steps "${STEPS:-200}" --in en --resume --backend "$backend"
stage after-likelihood lm heldout --model "$(id likelihood)" --prompts "${PROMPTS:-200}"
stage game train adversarial --from "$(id likelihood)" --lora 8 --steps "${GAME:-20}" --contexts 4 --texts 4 --pretrain "${PRETRAIN:-40}" --in en --resume --backend "$backend"
stage after-game lm heldout --model "$(id game)" --prompts "${PROMPTS:-200}"
stage quantised model quantise "$(id game)"
stage exported model export "$(id game)" --format gguf --as q8_0 --out "$dir/export"

if [ ! -f "$dir/served.json" ]; then
	port="${PORT:-8177}"
	"$llm/llama-server" -m "$dir/export/$(id game).gguf" --host 127.0.0.1 --port "$port" -c 512 -np 1 >"$dir/llama-server.log" 2>&1 &
	server=$!
	trap 'kill $server 2>/dev/null || true' EXIT INT TERM
	until curl -fs "http://127.0.0.1:$port/health" >/dev/null; do
		kill -0 $server || { tail "$dir/llama-server.log" >&2; exit 1; }
		sleep 1
	done
	stage served lm heldout --model "$(id game)" --server "http://127.0.0.1:$port" --prompts "${PROMPTS:-200}"
fi

for name in before after-likelihood after-game served; do
	printf '%-18s' "$name"
	for what in prompts loss perplexity ended exact passed planned refused distinct2 same; do
		sed -n 's/^  "'$what'": *\([0-9.e+-]*\),*$/  '$what' \1/p' "$dir/$name.json" | tr -d '\n'
	done
	echo
done
