#!/bin/sh
# Makes the weights that ship inside the binary (internal/engine/weights), from the hand-written patterns of the
# repository on an invented world: likelihood, then the discriminator, then, with GAME=steps, the game between them. It
# takes about three hours on two cores without the game, half of that with XLA (make build-xla, and
# BACKEND=xla:/path/to/libpjrt_cpu.so); stopped and started again it goes on where it was. The same code, seeds and backend
# give the same bytes on the same kind of processor.
#
#   sh scripts/weights.sh [FOLDER]      FOLDER keeps the runs; default dist/weights
set -eu
cd "$(dirname "$0")/.."
dir="${1:-dist/weights}"
because=./bin/because
[ -x "$because" ] || make build
mkdir -p "$dir"
[ -d "$dir/world" ] || "$because" synth --out "$dir/world" --seed 7 --users 1200
if [ ! -d "$dir/data/models" ]; then
	"$because" import dataset "$dir/world" --data "$dir/data"
	"$because" train --data "$dir/data"
fi
[ -f "$dir/likelihood" ] || {
	"$because" train lm --data "$dir/data" --size base --items 4 --steps 5000 ${BACKEND:+--backend "$BACKEND"} --resume --json >"$dir/likelihood.part"
	mv "$dir/likelihood.part" "$dir/likelihood"
}
id() { sed -n 's/^ *"id": *"\(lm-[0-9a-f]*\)".*/\1/p' "$1" | head -1; }
made="$dir/likelihood"
if [ -n "${GAME:-}" ]; then
	made="$dir/game"
	[ -f "$made" ] || {
		"$because" train adversarial --data "$dir/data" --from "$(id "$dir/likelihood")" --steps "$GAME" --resume --json >"$made.part"
		mv "$made.part" "$made"
	}
fi
model="$dir/data/models/$(id "$made")"
for part in tokenizer.json manifest.json metrics.jsonl generator discriminator; do
	rm -rf "internal/engine/weights/$part"
	cp -R "$model/$part" internal/engine/weights/
done
du -sh internal/engine/weights
