#include "adapters/http/body_decoder.h"
#include <algorithm>

namespace cho40::http {
namespace {

constexpr int digits_max = 15;                    // 60 bits: more than any limit, and no overflow
constexpr std::size_t ignored_bytes_max = 4096;   // of one extension, or of all trailers

int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); }

}  // namespace

void BodyDecoder::begin(Kind kind, std::uint64_t length, std::size_t bytes_max)
{
    kind_ = kind;
    chunk_ = Chunk::size_first;
    left_ = kind == Kind::length ? length : 0;
    digits_ = 0;
    ignored_bytes_ = 0;
    bytes_max_ = bytes_max;
    body_.clear();
    state_ = kind == Kind::none || (kind == Kind::length && length == 0) ? State::done : State::reading;
    if (left_ > bytes_max_) state_ = State::too_large;
}

std::size_t BodyDecoder::put(std::string_view bytes)
{
    if (state_ != State::reading) return 0;
    switch (kind_) {
    case Kind::none: return 0;
    case Kind::until_end: return take(bytes);
    case Kind::chunked: return put_chunked(bytes);
    case Kind::length: break;
    }
    auto const taken = take(bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()))));
    left_ -= taken;
    if (left_ == 0) state_ = State::done;
    return taken;
}

void BodyDecoder::put_end()
{
    if (state_ == State::reading) state_ = kind_ == Kind::until_end ? State::done : State::malformed;
}

std::size_t BodyDecoder::take(std::string_view bytes)
{
    if (bytes.size() > bytes_max_ - body_.size()) {
        state_ = State::too_large;
        return 0;
    }
    auto const needed = body_.size() + bytes.size();
    if (needed > body_.capacity()) {
        // A known length is reserved at once, but an announcement alone costs nothing: at most four times what has arrived.
        auto const wanted = kind_ == Kind::length ? body_.size() + left_ : 2 * needed;
        body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>({wanted, bytes_max_, 4 * needed})));
    }
    body_ += bytes;
    return bytes.size();
}

std::size_t BodyDecoder::put_chunked(std::string_view bytes)
{
    std::size_t used = 0;
    while (used < bytes.size() && state_ == State::reading) {
        if (chunk_ != Chunk::data) {
            step(bytes[used++]);
            continue;
        }
        auto const part = bytes.substr(used, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - used)));
        take(part);
        used += part.size();
        left_ -= part.size();
        if (left_ == 0) chunk_ = Chunk::data_cr;
    }
    return used;
}

void BodyDecoder::step(char c)
{
    switch (chunk_) {
    case Chunk::size_first:
        left_ = 0;
        digits_ = 0;
        ignored_bytes_ = 0;
        chunk_ = Chunk::size;
        [[fallthrough]];
    case Chunk::size:
        if (int const digit = hex(c); digit >= 0) {
            left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
            // Leading zeros count too: nobody needs them.
            if (++digits_ > digits_max) state_ = State::too_large;
        } else if (digits_ == 0) {
            state_ = State::malformed;
        } else if (c == '\r') {
            chunk_ = Chunk::size_lf;
        } else if (c == ';' || c == ' ' || c == '\t') {
            chunk_ = Chunk::extension;
        } else {
            state_ = State::malformed;
        }
        return;
    case Chunk::extension:
        if (c == '\r') chunk_ = Chunk::size_lf;
        else if (!is_text(c) || ++ignored_bytes_ > ignored_bytes_max) state_ = State::malformed;
        return;
    case Chunk::size_lf:
        if (c == '\n') end_of_size();
        else state_ = State::malformed;
        return;
    case Chunk::data: return;
    case Chunk::data_cr: return expect(c, '\r', Chunk::data_lf);
    case Chunk::data_lf: return expect(c, '\n', Chunk::size_first);
    case Chunk::trailer_first:
        if (c == '\r') chunk_ = Chunk::last_lf;
        else if (is_text(c)) chunk_ = Chunk::trailer;
        else state_ = State::malformed;
        return;
    case Chunk::trailer:
        if (c == '\r') chunk_ = Chunk::trailer_lf;
        else if (!is_text(c) || ++ignored_bytes_ > ignored_bytes_max) state_ = State::malformed;
        return;
    case Chunk::trailer_lf:
        ++ignored_bytes_;  // many short trailers are bounded too
        return expect(c, '\n', Chunk::trailer_first);
    case Chunk::last_lf:
        if (c == '\n') state_ = State::done;
        else state_ = State::malformed;
        return;
    }
}

void BodyDecoder::expect(char c, char wanted, Chunk next)
{
    if (c == wanted) chunk_ = next;
    else state_ = State::malformed;
}

void BodyDecoder::end_of_size()
{
    ignored_bytes_ = 0;
    if (left_ == 0) chunk_ = Chunk::trailer_first;
    else if (left_ > bytes_max_ - body_.size()) state_ = State::too_large;
    else chunk_ = Chunk::data;
}

}  // namespace cho40::http
