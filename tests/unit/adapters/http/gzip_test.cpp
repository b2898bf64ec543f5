#include "adapters/http/gzip.h"
#include <gtest/gtest.h>
#include <zlib.h>

namespace cho40::http {
namespace {

std::string packed(std::string const& text)
{
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

struct Unpacked {
    std::string text;
    std::size_t largest = 0;
    Result<Done> result = Done{};
};

Unpacked unpack(std::string_view coded, std::size_t bytes_max)
{
    Unpacked out;
    out.result = gunzip(coded, bytes_max, [&](std::string_view part) {
        out.text += part;
        out.largest = std::max(out.largest, part.size());
    });
    return out;
}

TEST(Gzip, GivesBackWhatWasPackedInPieces)
{
    std::string long_text;
    for (int i = 0; i < 100'000; ++i) long_text += std::to_string(i * 7919);
    for (auto const& text : {std::string(), std::string("a,b\n1,2\n"), long_text}) {
        auto const out = unpack(packed(text), text.size());
        ASSERT_TRUE(out.result) << out.result.error().detail;
        EXPECT_EQ(out.text, text);
        EXPECT_LE(out.largest, 64U * 1024);
    }
}

TEST(Gzip, ABombIsRefusedBeforeItUnfolds)
{
    auto const bomb = packed(std::string(100'000'000, '0'));
    ASSERT_LT(bomb.size(), 200'000U);
    auto const out = unpack(bomb, 1'000'000);
    ASSERT_FALSE(out.result);
    EXPECT_EQ(out.result.error().code, Errc::body_too_large);
    EXPECT_LE(out.text.size(), 1'000'000U);
    EXPECT_EQ(unpack(packed("1234"), 3).result.error().code, Errc::body_too_large);
}

TEST(Gzip, RefusesWhatIsNoWholeFile)
{
    auto const good = packed("provider,line\n");
    auto changed = good;
    changed[changed.size() - 6] = static_cast<char>(changed[changed.size() - 6] ^ 1);  // of the check sum
    for (auto const& coded :
         {std::string(), std::string("a,b\n1,2\n"), good.substr(0, good.size() - 1), good + "x", good + good, changed}) {
        auto const out = unpack(coded, 1000);
        ASSERT_FALSE(out.result) << coded.size();
        EXPECT_EQ(out.result.error().code, Errc::invalid_input);
    }
}

}  // namespace
}  // namespace cho40::http
