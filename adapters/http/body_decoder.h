#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cho40::http {

// The body of a message, behind its head. Strict about chunks (RFC 9112 §7.1): hexadecimal sizes, CRLF everywhere,
// extensions and trailers bounded and thrown away.
class BodyDecoder {
public:
    enum class Kind { none, length, chunked, until_end };
    enum class State { reading, done, malformed, too_large };

    // `length` is for Kind::length; a larger one than `bytes_max` is too_large at once.
    void begin(Kind kind, std::uint64_t length, std::size_t bytes_max);
    // Returns how many bytes belong to the body.
    std::size_t put(std::string_view bytes);
    // The other side sends no more.
    void put_end();

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] std::string& body() { return body_; }

private:
    enum class Chunk { size_first, size, extension, size_lf, data, data_cr, data_lf, trailer_first, trailer, trailer_lf, last_lf };

    std::size_t take(std::string_view bytes);
    std::size_t put_chunked(std::string_view bytes);
    void step(char c);
    void expect(char c, char wanted, Chunk next);
    void end_of_size();

    Kind kind_ = Kind::none;
    State state_ = State::done;
    Chunk chunk_ = Chunk::size_first;
    std::uint64_t left_ = 0;         // of the body, or of the chunk
    int digits_ = 0;
    std::size_t ignored_bytes_ = 0;  // of this extension, or of all trailers
    std::size_t bytes_max_ = 0;
    std::string body_;
};

}  // namespace cho40::http
