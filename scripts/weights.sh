#!/bin/sh
# Makes the weights that ship inside the binary (internal/engine/weights), from the hand-written patterns of the
# repository on an invented world: likelihood, discriminator, then the game. It takes about two hours on two cores; stopped
# and started again it goes on where it was. The same code and seeds give the same bytes on the same kind of processor.
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
	"$because" train lm --data "$dir/data" --size base --items 4 --steps 1100 --resume --json >"$dir/likelihood.part"
	mv "$dir/likelihood.part" "$dir/likelihood"
}
id() { sed -n 's/^ *"id": *"\(lm-[0-9a-f]*\)".*/\1/p' "$1" | head -1; }
[ -f "$dir/game" ] || {
	"$because" train adversarial --data "$dir/data" --from "$(id "$dir/likelihood")" --steps "${STEPS:-100}" --resume --json >"$dir/game.part"
	mv "$dir/game.part" "$dir/game"
}
model="$dir/data/models/$(id "$dir/game")"
for part in tokenizer.json manifest.json metrics.jsonl generator discriminator; do
	rm -rf "internal/engine/weights/$part"
	cp -R "$model/$part" internal/engine/weights/
done
du -sh internal/engine/weights
