#!/bin/sh
# Invents a world and measures on it what a generator carries over to a domain that its training left out. What is trained
# stays in dist/transfer: stopped and called again, it goes on. The table goes into docs/experiments.md.
#
# 造一个虚构世界，在上面量生成器能把多少带到训练时留出的领域。训练出的留在 dist/transfer：停下再运行，就接着做。
set -eu
data=dist/transfer/data
sh scripts/world.sh dist/transfer --seed 11
./bin/because eval transfer --data "$data" --lang en --seed 11 --readers 400 --steps 500 --lr 0.003 --texts 150 \
	--out docs/plots/transfer.json --docs docs/experiments.md,docs/experiments.en.md
