#include "adapters/identity/passwords.h"
#include "base/text.h"
#include "embedded/identity.h"
#include <algorithm>
#include <cctype>
#include <set>

namespace cho40::identity {
namespace {

constexpr std::size_t characters_min = 10;
constexpr std::size_t characters_max = 256;

std::set<std::string, std::less<>> read_common()
{
    std::set<std::string, std::less<>> words;
    auto text = embedded::common_passwords_txt;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = trim(text.substr(0, end));
        if (!line.empty() && line.front() != '#') words.emplace(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return words;
}

// "MatKhau_2026!" -> "matkhau": what is left of a word when the usual digits and signs are taken off its end.
std::string root_of(std::string_view folded)
{
    auto const letter = [](char c) { return c < '\0' || std::isalpha(static_cast<unsigned char>(c)) != 0; };
    while (!folded.empty() && !letter(folded.back())) folded.remove_suffix(1);
    return std::string(folded);
}

bool is_common(std::string const& folded)
{
    static auto const common = read_common();
    auto const root = root_of(folded);
    return common.contains(folded) || (!root.empty() && common.contains(root));
}

// All the same, or each character one after (or before) the last: 1111111111, 0123456789, abcdefghij.
bool is_run(std::string_view text)
{
    auto const steps_by = [&](int step) {
        for (std::size_t i = 1; i < text.size(); ++i) {
            if (text[i] - text[i - 1] != step) return false;
        }
        return true;
    };
    return steps_by(0) || steps_by(1) || steps_by(-1);
}

auto refuse(Errc why, std::string detail, std::string detail_vi)
{
    Error error(Errc::validation_failed, "the password cannot be used");
    error.detail_vi = "Không dùng được mật khẩu này.";
    error.fields.push_back(FieldError{"/password", why, std::move(detail), std::move(detail_vi), {}});
    return fail(std::move(error));
}

}  // namespace

Result<Done> check_password(Secret const& password, std::string_view login, std::string_view name)
{
    auto const nfc = to_nfc(password.expose());
    if (!nfc) return refuse(Errc::invalid_utf8, "is not UTF-8", "Không phải UTF-8.");
    auto const characters = count_code_points(*nfc);
    if (characters < characters_min) return refuse(Errc::text_too_short, "at least 10 characters", "Ít nhất 10 ký tự.");
    if (characters > characters_max) return refuse(Errc::text_too_long, "at most 256 characters", "Nhiều nhất 256 ký tự.");
    auto const folded = fold_for_search(*nfc);
    auto const own = [&](std::string_view word) {
        auto const other = fold_for_search(word);
        return !other.empty() && (folded == other || root_of(folded) == other);
    };
    if (own(login) || own(name))
        return refuse(Errc::invalid_format, "must not be the login or the name", "Không được trùng tên đăng nhập hoặc họ tên.");
    if (is_run(folded) || is_common(folded)) {
        return refuse(Errc::invalid_format, "is one of those that everybody tries first", "Mật khẩu quá phổ biến, dễ đoán.");
    }
    return Done{};
}

}  // namespace cho40::identity
