#!/bin/sh
# Makes film-decoder.wasm of film-decoder.c and FFmpeg 5.1.9. Debian 12: apt-get install clang lld llvm make wasi-libc
# libclang-rt-14-dev-wasm32. The source: ffmpeg_5.1.9.orig.tar.xz of Debian, or https://ffmpeg.org/releases.
#   sh build.sh path/to/ffmpeg_5.1.9.orig.tar.xz
set -eu
archive=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
echo "d9b593bb2ba93d4b50f74177e0cdcd41747e708596367deed0c30348a71dd176  $archive" | sha256sum --check --quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xJf "$archive" -C "$work" --strip-components=1
cd "$work"
echo 'char *tempnam(const char *, const char *);' > stub.h
target="--target=wasm32-wasi -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_SIGNAL"
./configure --enable-cross-compile --target-os=none --arch=x86_32 --cc=clang --ar=llvm-ar --ranlib=llvm-ranlib \
  --nm=llvm-nm --strip=true --extra-cflags="$target -include $work/stub.h" --extra-ldflags="--target=wasm32-wasi" \
  --optflags=-O2 --disable-asm --disable-everything --disable-programs --disable-doc --disable-network \
  --disable-pthreads --disable-w32threads --disable-os2threads --disable-autodetect --disable-iconv --disable-debug \
  --disable-avdevice --disable-avfilter --disable-swresample --disable-postproc --disable-runtime-cpudetect \
  --enable-decoder=h264,vp8,vp9,mpeg4 --enable-parser=h264,vp8,vp9,mpeg4video --enable-demuxer=mov,matroska \
  > configure.log
libraries="libavformat/libavformat.a libavcodec/libavcodec.a libswscale/libswscale.a libavutil/libavutil.a"
make -s -j"$(nproc)" $libraries 2> make.log || { tail make.log; exit 1; }
clang $target -O2 -I. -mexec-model=reactor -o "$here/film-decoder.wasm" "$here/film-decoder.c" $libraries \
  -lwasi-emulated-process-clocks -lwasi-emulated-signal -lm \
  -Wl,--strip-all -Wl,--gc-sections -Wl,-z,stack-size=1048576 -Wl,--max-memory=1073741824
ls -l "$here/film-decoder.wasm"
