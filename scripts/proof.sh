#!/bin/sh
# Invents a world and proves on it what the adversarial phase brings. What is trained and written stays in dist/proof:
# stopped and called again, it goes on with the next cell. The table goes into docs/experiments.md, the plot beside it.
#
# 造一个虚构世界，在上面查证对抗阶段带来了什么。训练出的和写出的留在 dist/proof：停下再运行，就从下一格接着做。
set -eu
data=dist/proof/data
sh scripts/world.sh dist/proof
./bin/because eval adversarial --data "$data" --lang en --epochs 4 --steps 100 --contexts 16 --texts 200 \
	--out docs/plots --docs docs/experiments.md,docs/experiments.en.md
