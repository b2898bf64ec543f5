#include "base/vietnamese_number.h"
#include <array>
#include <vector>

namespace cho40 {
namespace {

constexpr std::array<char const*, 10> digit_words = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"};

// One group of three digits. `full` says the hundreds aloud even when they are zero, because a higher group was spoken.
void say_group(std::vector<std::string>& words, unsigned group, bool full)
{
    unsigned const hundreds = group / 100;
    unsigned const tens = group / 10 % 10;
    unsigned const units = group % 10;
    if (hundreds > 0 || full) {
        words.emplace_back(digit_words[hundreds]);
        words.emplace_back("trăm");
    }
    if (tens == 0) {
        if (units > 0 && (hundreds > 0 || full)) words.emplace_back("linh");
    } else if (tens == 1) {
        words.emplace_back("mười");
    } else {
        words.emplace_back(digit_words[tens]);
        words.emplace_back("mươi");
    }
    if (units == 0) return;
    if (units == 1 && tens >= 2) words.emplace_back("mốt");
    else if (units == 4 && tens >= 2) words.emplace_back("tư");
    else if (units == 5 && tens >= 1) words.emplace_back("lăm");
    else words.emplace_back(digit_words[units]);
}

// Below one tỷ (10^9). `after_more` is true when tỷ were spoken before.
void say_below_ty(std::vector<std::string>& words, unsigned value, bool after_more)
{
    unsigned const millions = value / 1'000'000;
    unsigned const thousands = value / 1000 % 1000;
    unsigned const units = value % 1000;
    bool spoken = after_more;
    if (millions > 0) {
        say_group(words, millions, spoken);
        words.emplace_back("triệu");
        spoken = true;
    }
    if (thousands > 0) {
        say_group(words, thousands, spoken);
        words.emplace_back("nghìn");
        spoken = true;
    } else if (spoken && units > 0) {
        words.emplace_back("không");
        words.emplace_back("nghìn");
    }
    if (units > 0) say_group(words, units, spoken && thousands > 0);
}

void say(std::vector<std::string>& words, std::uint64_t value, bool after_more)
{
    constexpr std::uint64_t ty = 1'000'000'000;
    if (value >= ty) {
        say(words, value / ty, after_more);
        words.emplace_back("tỷ");
        after_more = true;
    }
    say_below_ty(words, static_cast<unsigned>(value % ty), after_more);
}

}  // namespace

std::string amount_in_words(Dong amount)
{
    std::vector<std::string> words;
    auto const count = amount.count();
    if (count < 0) words.emplace_back("âm");
    auto const magnitude = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
    if (magnitude == 0) words.emplace_back("không");
    else say(words, magnitude, false);
    words.emplace_back("đồng");
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string capitalised(std::string words)
{
    if (words.starts_with("âm ")) return words.replace(0, std::string_view("âm").size(), "Âm");
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

}  // namespace cho40
