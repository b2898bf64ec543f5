#include "adapters/http/gzip.h"
#include "base/check.h"
#include <limits>
#include <memory>
#include <vector>
#include <zlib.h>

namespace cho40::http {

Result<Done> gunzip(std::string_view coded, std::size_t bytes_max, std::function<void(std::string_view)> const& take)
{
    constexpr std::size_t piece = 64 * 1024;
    constexpr int gzip_only = 16 + MAX_WBITS;
    auto const damaged = [] {
        return fail(Error(Errc::invalid_input, "the body is not one whole gzip file", "#header/Content-Encoding")
                        .vi("Nội dung nén gzip bị hỏng hoặc thiếu."));
    };
    CHO_CHECK(coded.size() <= std::numeric_limits<uInt>::max());
    z_stream stream{};
    CHO_CHECK(inflateInit2(&stream, gzip_only) == Z_OK);
    std::unique_ptr<z_stream, int (*)(z_stream*)> const guard(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(coded.data()));
    stream.avail_in = static_cast<uInt>(coded.size());
    std::vector<char> out(piece);
    std::size_t taken = 0;
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        int const state = inflate(&stream, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END) return damaged();
        auto const size = out.size() - stream.avail_out;
        if (size > bytes_max - taken) {
            return fail(Error(Errc::body_too_large, "unpacked, the body is larger than " + std::to_string(bytes_max) + " bytes")
                            .vi("Nội dung sau khi giải nén lớn hơn mức cho phép."));
        }
        taken += size;
        take(std::string_view(out.data(), size));
        if (state != Z_STREAM_END) continue;
        if (stream.avail_in != 0) return damaged();
        return Done{};
    }
}

}  // namespace cho40::http
