#!/bin/sh
# Invents a world in FOLDER/world and trains the rankers on it in FOLDER/data, once; what was left half made is made anew.
#
#   sh scripts/world.sh FOLDER [options of because synth]
#
# 在 FOLDER/world 里造一个虚构世界，在 FOLDER/data 里训练好排序；做过就不再做，只做了一半的重做。
set -eu
dir="$1"
shift
[ -f "$dir/ready" ] && exit 0
rm -rf "$dir"
mkdir -p "$dir"
./bin/because synth --out "$dir/world" --quiet "$@"
./bin/because import dataset "$dir/world" --data "$dir/data" --quiet
./bin/because train --data "$dir/data" --quiet
touch "$dir/ready"
