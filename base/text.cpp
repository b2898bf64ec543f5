#include "base/text.h"
#include "base/check.h"
#include <cstring>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace cho40 {
namespace {

icu::Normalizer2 const& nfc()
{
    UErrorCode status = U_ZERO_ERROR;
    auto const* n = icu::Normalizer2::getNFCInstance(status);
    CHO_CHECK(U_SUCCESS(status));
    return *n;
}

icu::Normalizer2 const& nfd()
{
    UErrorCode status = U_ZERO_ERROR;
    auto const* n = icu::Normalizer2::getNFDInstance(status);
    CHO_CHECK(U_SUCCESS(status));
    return *n;
}

bool is_ascii(std::string_view text)
{
    constexpr std::uint64_t high_bits = 0x8080808080808080;
    for (; text.size() >= sizeof high_bits; text.remove_prefix(sizeof high_bits)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data(), sizeof eight);
        if (eight & high_bits) return false;
    }
    for (unsigned char c : text) {
        if (c >= 0x80) return false;
    }
    return true;
}

}  // namespace

bool is_valid_utf8(std::string_view text)
{
    if (is_ascii(text)) return true;
    auto const* bytes = reinterpret_cast<std::uint8_t const*>(text.data());
    auto const size = static_cast<std::int32_t>(text.size());
    std::int32_t at = 0;
    while (at < size) {
        UChar32 c = 0;
        U8_NEXT(bytes, at, size, c);
        if (c < 0) return false;
    }
    return true;
}

std::size_t invalid_utf8_line(std::string_view text)
{
    for (std::size_t line = 1;; ++line) {
        auto const end = text.find('\n');  // never a part of a longer character
        if (end == text.npos || !is_valid_utf8(text.substr(0, end))) return line;
        text.remove_prefix(end + 1);
    }
}

Result<std::string> to_nfc(std::string_view text)
{
    if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "the text is not valid UTF-8");
    if (is_ascii(text)) return std::string(text);
    UErrorCode status = U_ZERO_ERROR;
    auto const normal = nfc().normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()))),
                                        status);
    CHO_CHECK(U_SUCCESS(status));
    std::string out;
    normal.toUTF8String(out);
    return out;
}

std::size_t count_code_points(std::string_view utf8)
{
    std::size_t count = 0;
    for (unsigned char c : utf8) count += (c & 0xC0) != 0x80;
    return count;
}

std::string strip_accents(std::string_view utf8)
{
    if (is_ascii(utf8)) return std::string(utf8);
    UErrorCode status = U_ZERO_ERROR;
    auto const apart = nfd().normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))),
                                       status);
    CHO_CHECK(U_SUCCESS(status));
    icu::UnicodeString kept;
    for (std::int32_t i = 0; i < apart.length(); ++i) {
        auto const c = apart[i];
        if (c >= 0x0300 && c <= 0x036F) continue;
        if (c == 0x0111) kept.append(u'd');
        else if (c == 0x0110) kept.append(u'D');
        else kept.append(c);
    }
    std::string out;
    kept.toUTF8String(out);
    return out;
}

std::string squeeze(std::string_view utf8)
{
    std::string out;
    append_squeezed(out, utf8);
    return out;
}

void append_squeezed(std::string& out, std::string_view utf8)
{
    std::string plain;
    if (!is_ascii(utf8)) {
        plain = strip_accents(utf8);
        utf8 = plain;
    }
    for (char c : utf8) {
        if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
    }
}

std::string fold_for_search(std::string_view utf8)
{
    std::string out;
    bool space = false;
    for (char c : strip_accents(utf8)) {
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            space = !out.empty();
            continue;
        }
        if (space) out += ' ';
        space = false;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

std::string to_ascii_upper(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view nbsp = "\xC2\xA0";
    for (;;) {
        if (!text.empty() && (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r'))) text.remove_prefix(1);
        else if (text.starts_with(nbsp)) text.remove_prefix(nbsp.size());
        else break;
    }
    for (;;) {
        if (!text.empty() && (text.back() == ' ' || (text.back() >= '\t' && text.back() <= '\r'))) text.remove_suffix(1);
        else if (text.ends_with(nbsp)) text.remove_suffix(nbsp.size());
        else break;
    }
    return text;
}

std::string dong_text(std::int64_t dong)
{
    auto magnitude = dong < 0 ? 0 - static_cast<std::uint64_t>(dong) : static_cast<std::uint64_t>(dong);
    std::string digits = std::to_string(magnitude);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ".");
    return (dong < 0 ? "-" : "") + digits + " đ";
}

}  // namespace cho40
