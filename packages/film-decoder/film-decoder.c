/*
 * Films in memory become RGB frames: the door to FFmpeg's demuxers and decoders in WebAssembly.
 * One film at a time per instance; the instance is thrown away afterwards. build.sh makes it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { UNREADABLE = -1, NO_VIDEO = -2, UNKNOWN_CODEC = -3, TOO_LARGE = -4 };

static const uint8_t *file;
static int64_t file_size, file_at;

static AVFormatContext *format;
static AVCodecContext *decoder;
static AVStream *stream;
static AVPacket *packet;
static AVFrame *frame;
static struct SwsContext *scaler;
/* Before and after the turn that the file asks for. */
static int scaled_width, scaled_height, width, height, quarter_turns, at_end;
static uint8_t *scaled, *rgb;
static double time_ms;

/* FFmpeg names it; nothing calls it. */
char *tempnam(const char *directory, const char *prefix) { return NULL; }

EXPORT(allocate) uint8_t *allocate(int size) { return malloc(size); }

static int read_file(void *opaque, uint8_t *buffer, int size) {
  int64_t left = file_size - file_at;
  if (left <= 0) return AVERROR_EOF;
  if (size > left) size = (int)left;
  memcpy(buffer, file + file_at, size);
  file_at += size;
  return size;
}

static int64_t seek_file(void *opaque, int64_t offset, int whence) {
  if (whence == AVSEEK_SIZE) return file_size;
  if (whence == SEEK_CUR) offset += file_at;
  else if (whence == SEEK_END) offset += file_size;
  if (offset < 0 || offset > file_size) return AVERROR(EINVAL);
  return file_at = offset;
}

static int quarter_turns_of(AVStream *of) {
  const uint8_t *matrix = av_stream_get_side_data(of, AV_PKT_DATA_DISPLAYMATRIX, NULL);
  if (!matrix) return 0;
  double degrees = -av_display_rotation_get((const int32_t *)matrix);
  if (isnan(degrees)) return 0;
  return (((int)lround(degrees / 90) % 4) + 4) % 4;
}

static int open_decoder(int64_t max_pixels) {
  const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
  if (!codec) return UNKNOWN_CODEC;
  decoder = avcodec_alloc_context3(codec);
  if (!decoder || avcodec_parameters_to_context(decoder, stream->codecpar) < 0) return UNREADABLE;
  decoder->max_pixels = max_pixels;
  decoder->pkt_timebase = stream->time_base;
  /* The same bytes give the same frames, broken or not. */
  decoder->flags |= AV_CODEC_FLAG_BITEXACT;
  return avcodec_open2(decoder, codec, NULL) < 0 ? UNREADABLE : 0;
}

/* Pixels need not be square in a film; here they are. */
static int choose_size(int64_t max_pixels) {
  AVCodecParameters *p = stream->codecpar;
  AVRational aspect = av_guess_sample_aspect_ratio(format, stream, NULL);
  if (p->width <= 0 || p->height <= 0) return UNREADABLE;
  scaled_height = p->height;
  scaled_width = p->width;
  if (aspect.num > 0 && aspect.den > 0)
    scaled_width = (int)fmax(1, fmin(65535, rint((double)p->width * aspect.num / aspect.den)));
  quarter_turns = quarter_turns_of(stream);
  width = quarter_turns % 2 ? scaled_height : scaled_width;
  height = quarter_turns % 2 ? scaled_width : scaled_height;
  if ((int64_t)width * height > max_pixels || (int64_t)p->width * p->height > max_pixels) return TOO_LARGE;
  return 0;
}

/* Takes `data`, which `allocate` gave. 0, or what is wrong with it. */
EXPORT(open_film) int open_film(uint8_t *data, int size, double max_pixels) {
  av_log_set_level(AV_LOG_QUIET);
  file = data, file_size = size, file_at = 0;
  format = avformat_alloc_context();
  packet = av_packet_alloc();
  frame = av_frame_alloc();
  uint8_t *buffer = av_malloc(65536);
  if (!format || !packet || !frame || !buffer) return UNREADABLE;
  format->pb = avio_alloc_context(buffer, 65536, 0, NULL, read_file, NULL, seek_file);
  format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
  if (!format->pb || avformat_open_input(&format, NULL, NULL, NULL) < 0) return UNREADABLE;
  /* Sizes first: finding out more decodes the first frames. */
  for (unsigned i = 0; i < format->nb_streams; i++) {
    AVCodecParameters *p = format->streams[i]->codecpar;
    if ((int64_t)p->width * p->height > (int64_t)max_pixels) return TOO_LARGE;
  }
  format->max_analyze_duration = AV_TIME_BASE;
  if (avformat_find_stream_info(format, NULL) < 0) return UNREADABLE;
  int best = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
  if (best < 0) return NO_VIDEO;
  stream = format->streams[best];
  if (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) return NO_VIDEO;
  for (unsigned i = 0; i < format->nb_streams; i++)
    format->streams[i]->discard = (int)i == best ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
  int wrong = choose_size((int64_t)max_pixels);
  return wrong ? wrong : open_decoder((int64_t)max_pixels);
}

EXPORT(film_width) int film_width(void) { return width; }
EXPORT(film_height) int film_height(void) { return height; }

/* As the file says; 0 when it does not. */
EXPORT(film_frames_per_second) double film_frames_per_second(void) {
  AVRational rate = av_guess_frame_rate(format, stream, NULL);
  return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
}

EXPORT(film_duration_ms) double film_duration_ms(void) {
  if (stream->duration > 0) return 1000.0 * stream->duration * av_q2d(stream->time_base);
  return format->duration > 0 ? 1000.0 * format->duration / AV_TIME_BASE : 0;
}

/* Four letters, or the codec's name, ending with a zero; also of a codec that cannot be decoded. */
EXPORT(film_codec) const char *film_codec(void) {
  return stream ? avcodec_get_name(stream->codecpar->codec_id) : "";
}

/* Untagged films are BT.601 below 720 lines and BT.709 from there, as browsers take them. */
static void set_colours(void) {
  int matrix = frame->colorspace;
  if (matrix == AVCOL_SPC_UNSPECIFIED || matrix == AVCOL_SPC_RGB)
    matrix = frame->height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  int full = frame->color_range == AVCOL_RANGE_JPEG || frame->format == AV_PIX_FMT_YUVJ420P;
  const int *from = sws_getCoefficients(matrix);
  sws_setColorspaceDetails(scaler, from, full, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
}

static void turn(void) {
  if (quarter_turns == 0) { uint8_t *swap = rgb; rgb = scaled; scaled = swap; return; }
  for (int y = 0; y < scaled_height; y++) {
    for (int x = 0; x < scaled_width; x++) {
      int to_x = quarter_turns == 1 ? scaled_height - 1 - y : quarter_turns == 2 ? scaled_width - 1 - x : y;
      int to_y = quarter_turns == 1 ? x : quarter_turns == 2 ? scaled_height - 1 - y : scaled_width - 1 - x;
      memcpy(rgb + 3 * (to_y * width + to_x), scaled + 3 * (y * scaled_width + x), 3);
    }
  }
}

static int show(void) {
  if (!rgb) {
    /* swscale writes a little further than the last row. */
    size_t size = (size_t)3 * width * height + 64;
    rgb = malloc(size), scaled = malloc(size);
    if (!rgb || !scaled) return TOO_LARGE;
  }
  scaler = sws_getCachedContext(scaler, frame->width, frame->height, frame->format, scaled_width, scaled_height,
                                AV_PIX_FMT_RGB24, SWS_BICUBIC | SWS_FULL_CHR_H_INT | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
  if (!scaler) return UNREADABLE;
  set_colours();
  uint8_t *planes[4] = {scaled};
  int strides[4] = {3 * scaled_width};
  sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, planes, strides);
  turn();
  int64_t start = stream->start_time == AV_NOPTS_VALUE ? 0 : stream->start_time;
  int64_t pts = frame->best_effort_timestamp;
  time_ms = pts == AV_NOPTS_VALUE ? -1 : 1000.0 * (pts - start) * av_q2d(stream->time_base);
  av_frame_unref(frame);
  return 1;
}

/* 1: there is a frame; 0: there is none left; else what is wrong. A damaged frame is left out. */
EXPORT(next_frame) int next_frame(void) {
  for (;;) {
    int got = avcodec_receive_frame(decoder, frame);
    if (got >= 0) return show();
    if (got == AVERROR_EOF) return 0;
    if (got != AVERROR(EAGAIN) && at_end) return 0;
    if (at_end) return 0;
    if (av_read_frame(format, packet) < 0) {
      at_end = 1;
      avcodec_send_packet(decoder, NULL);
      continue;
    }
    if (packet->stream_index == stream->index) avcodec_send_packet(decoder, packet);
    av_packet_unref(packet);
  }
}

/* Of the last frame: interleaved bytes without padding. */
EXPORT(frame_rgb) const uint8_t *frame_rgb(void) { return rgb; }
/* Since the first; below 0 when the file does not say. */
EXPORT(frame_time_ms) double frame_time_ms(void) { return time_ms; }
EXPORT(initialise) void initialise(void) {}
