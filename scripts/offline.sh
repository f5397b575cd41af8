#!/bin/sh
# Packs what an unconnected machine needs to build: this commit's files, the Go modules (vendor/) and the npm packages of
# the pages (already bundled, and their tarballs) into dist/because-offline.tar.gz.
#
# 把离线机器构建所需的一切（本次提交的文件、Go 模块、页面所用的 npm 包）打成 dist/because-offline.tar.gz。
#
# Mirrors are taken from the environment: GOPROXY, GOSUMDB, npm_config_registry (or ~/.npmrc).
set -u
cd "$(dirname "$0")/.." || exit 1
export GOTOOLCHAIN="${GOTOOLCHAIN:-go1.27.3}" GOEXPERIMENT="${GOEXPERIMENT:-simd}"
root=$PWD
web=internal/serve/web
name=because-offline
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT INT TERM

# stop ENGLISH CHINESE LOG: say what is wrong in both languages, with the end of the log, and end.
stop() {
	{
		[ -s "$3" ] && tail -5 "$3"
		echo "offline: $1"
		echo "offline：$2"
	} >&2
	exit 7
}

mkdir -p "$work/$name" dist || exit 1
git archive HEAD | tar -x -C "$work/$name" || stop "This is not a git checkout; there is nothing to pack." "这里不是 git 仓库，没有可打包的内容。" /dev/null
rm -rf "$work/$name/dist"

proxy=$(cd / && GOTOOLCHAIN=local go env GOPROXY)
echo "offline: Go modules / Go 模块"
(cd "$work/$name" && go mod vendor) >"$work/go.log" 2>&1 ||
	stop "The Go modules could not be fetched from $proxy. Set GOPROXY to a mirror that you can reach, then run make offline again." \
		"无法从 $proxy 获取 Go 模块。请把 GOPROXY 设为可用的镜像，再运行 make offline。" "$work/go.log"

if [ -f "$web/package-lock.json" ]; then
	echo "offline: npm packages / npm 包"
	registry=$(npm config get registry 2>/dev/null)
	mkdir -p "$work/npm" "$work/$name/offline/npm"
	cp "$web/package.json" "$web/package-lock.json" "$web/build.mjs" "$work/npm/"
	# The cache of npm is what "npm ci --offline" reads; a fresh one holds exactly what the lock file names.
	(cd "$work/npm" && npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-retry-maxtimeout=5000 --cache "$work/$name/offline/npm") >"$work/npm.log" 2>&1 ||
		stop "The npm packages could not be fetched from ${registry:-the registry}. Set npm_config_registry to a mirror that you can reach, then run make offline again." \
			"无法从 ${registry:-npm 仓库} 获取 npm 包。请把 npm_config_registry 设为可用的镜像，再运行 make offline。" "$work/npm.log"
	rm -rf "$work/$name/offline/npm/_logs"
	mkdir -p "$work/$name/$web/dist"
	cp "$web"/dist/* "$work/$name/$web/dist/" 2>/dev/null # bundled here by "make assets": building needs no node at all
fi

cat >"$work/$name/OFFLINE.md" <<'NOTE'
# 离线构建 · Building without a network

需要：Go 1.27.3（本机已装，`go version` 可见）。Needed: Go 1.27.3 on this machine.

    export GOTOOLCHAIN=local GOEXPERIMENT=simd GOFLAGS=-mod=vendor GOPROXY=off
    go build -trimpath -o bin/because ./cmd/because
    ./bin/because demo

页面脚本已打包在 internal/serve/web/dist，无需 Node。要重新打包：
The pages' scripts are bundled already, so Node is not needed. To bundle them again:

    cd internal/serve/web && npm ci --offline --cache ../../../offline/npm && node build.mjs
NOTE

tar -C "$work" -czf "dist/$name.tar.gz" "$name" || stop "dist/$name.tar.gz could not be written." "dist/$name.tar.gz 无法写入。" /dev/null
echo "offline: dist/$name.tar.gz ($(du -h "$root/dist/$name.tar.gz" | cut -f1)); see OFFLINE.md inside / 说明见包内 OFFLINE.md"
