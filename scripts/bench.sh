#!/bin/sh
# Speed and memory, with the machine they were measured on. Each benchmark runs BENCH_COUNT times (default 5); the table
# has the least, the median and the most of each figure beside what we promise.
set -u
cd "$(dirname "$0")/.." || exit 1
export GOTOOLCHAIN="${GOTOOLCHAIN:-go1.27.3}" GOEXPERIMENT="${GOEXPERIMENT:-simd}"
count="${BENCH_COUNT:-5}"
echo "date     $(date -u '+%Y-%m-%d %H:%M UTC')"
echo "machine  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1), $(getconf _NPROCESSORS_ONLN) cores, $(awk '/MemTotal/ {printf "%.0f GiB", $2/1048576}' /proc/meminfo 2>/dev/null), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null)"
echo "system   $(uname -srm)"
echo "go       $(go version | cut -d' ' -f3-) GOEXPERIMENT=$GOEXPERIMENT"
echo "commit   $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
echo "data     MovieTweetings 100k for training, lists, memory and starting; an invented world for HTTP, import and demo; 100 000 invented texts for eval explain"
echo
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT INT TERM
[ -x bin/because ] && [ -z "${BECAUSE_BINARY:-}" ] && BECAUSE_BINARY="$PWD/bin/because" && export BECAUSE_BINARY
go test -run '^$' -bench "${BENCH:-.}" -count "$count" -timeout 60m ./internal/rig/ >"$log" 2>&1
code=$?
awk '
	BEGIN {
		want["Import interactions/s"] = "-"; want["Train s"] = "<= 20"; want["Recommend p50-ms"] = "<= 5"
		want["RecommendExplained p50-ms"] = "<= 30"; want["ExplainEmbedded/zh p50-ms"] = "<= 100"; want["ExplainEmbedded/en p50-ms"] = "<= 100"; want["ExplainHTTP/logged p50-ms"] = want["ExplainHTTP/unlogged p50-ms"] = "<= 5"; want["ExplainHTTP/logged p99-ms"] = want["ExplainHTTP/unlogged p99-ms"] = "<= 30"
		want["EvalExplain/zh s"] = want["EvalExplain/en s"] = "<= 180"; want["EvalExplain/zh MiB-peak"] = want["EvalExplain/en MiB-peak"] = "<= 2048"
		want["ServeMemory MiB-peak"] = "<= 400"; want["Ready s"] = "<= 2"; want["Demo s"] = "<= 10"
	}
	/^Benchmark/ {
		name = $1; sub(/^Benchmark/, "", name); sub(/-[0-9]+$/, "", name)
		for (i = 3; i < NF; i += 2) {
			if ($(i + 1) == "ns/op") continue
			key = name " " $(i + 1)
			if (!(key in n)) order[keys++] = key
			v[key, n[key]++] = $i
		}
	}
	END {
		printf "%-32s %5s %12s %12s %12s  %s\n", "figure", "runs", "least", "median", "most", "promise"
		for (k = 0; k < keys; k++) {
			key = order[k]; m = n[key]
			for (i = 0; i < m; i++) a[i] = v[key, i] + 0
			for (i = 1; i < m; i++) for (j = i; j > 0 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
			mid = m % 2 ? a[(m - 1) / 2] : (a[m / 2 - 1] + a[m / 2]) / 2
			printf "%-32s %5d %12.4g %12.4g %12.4g  %s\n", key, m, a[0], mid, a[m - 1], want[key]
		}
	}' "$log"
if [ "$code" != 0 ] || grep -q -- '--- SKIP' "$log"; then
	grep -vE '^(Benchmark|goos|goarch|pkg|cpu|PASS|ok)' "$log"
fi
exit "$code"
