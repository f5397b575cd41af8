#!/bin/sh
# Runs all tests: once as they are, then the packages where goroutines meet with the race detector.
#
#   sh scripts/test.sh short   what CI runs
#   sh scripts/test.sh full    with every rig at full length (BECAUSE_FULL=1)
#
# While it runs, each package's line is shown, with all output of a package that fails. It ends with the number of
# skipped tests and their reasons, then the lines of the Go test runner; the exit code is the runner's.
set -u
cd "$(dirname "$0")/.." || exit 1
export GOTOOLCHAIN="${GOTOOLCHAIN:-go1.27.3}" GOEXPERIMENT="${GOEXPERIMENT:-simd}"
case "${1:-short}" in
short) unset BECAUSE_FULL; limit=30m ;;
full) BECAUSE_FULL=1; export BECAUSE_FULL; limit=180m ;;
*) echo "usage: sh scripts/test.sh short|full" >&2; exit 2 ;;
esac

# What setup-test.sh installed for reading our exports.
python="${BECAUSE_LLM_HOME:-$HOME/.cache/because/llm}/python/bin/python"
[ -z "${BECAUSE_PYTHON:-}" ] && [ -x "$python" ] && BECAUSE_PYTHON="$python" && export BECAUSE_PYTHON

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0

# pass NAME ARGS…: go test with ARGS; its output goes to $dir/NAME, what a reader needs to the screen.
pass() {
	name=$1
	shift
	echo "== go test $*"
	{ go test -v "$@" 2>&1; echo $? >"$dir/$name.code"; } | tee "$dir/$name" | awk '
		/^(ok  |\?   )\t/ { print; fflush(); n = 0; next }
		/^FAIL\t/ { for (i = 0; i < n; i++) print held[i]; print; fflush(); n = 0; next }
		/^=== (RUN|PAUSE|CONT|NAME)/ || /^ *--- PASS/ || /^(PASS|FAIL)$/ { next }
		/^#/ { print; fflush(); next }
		{ held[n++] = $0 }'
	code=$(cat "$dir/$name.code")
	[ "$code" = 0 ] || failed=$code
}

pass all -timeout "$limit" ./...

# The race detector needs cgo. The vector kernels trip its pointer checks (not a race), so those are off. The browser
# tests take long and ask one page after another; what runs in parallel stays.
if [ "$(CGO_ENABLED=1 go env CGO_ENABLED)" = 1 ] && command -v "$(go env CC)" >/dev/null 2>&1; then
	CGO_ENABLED=1
	export CGO_ENABLED
	pass race -race -gcflags=all=-d=checkptr=0 -timeout "$limit" -skip '^(TestBrowser|TestAccessibility)$' \
		./internal/store/ ./internal/learn/ ./internal/generate/... ./internal/serve/
	pass together -race -gcflags=all=-d=checkptr=0 -timeout "$limit" -run Concurrent ./internal/rig/
else
	echo "== no C compiler: the race-enabled tests did not run"
fi

echo
echo "== skipped tests"
cat "$dir"/all "$dir"/race "$dir"/together 2>/dev/null | awk '
	/^ *[A-Za-z0-9_]+_test\.go:[0-9]+: / { said = $0; sub(/^ *[A-Za-z0-9_]+_test\.go:[0-9]+: /, "", said) }
	/^ *--- SKIP: / { n++; print "  " $3 ": " said; said = "" }
	END { printf "%d skipped\n", n }'
echo
cat "$dir"/all "$dir"/race "$dir"/together 2>/dev/null | grep -E '^(ok  |FAIL|---)	' # the last lines are the runner's own
exit "$failed"
