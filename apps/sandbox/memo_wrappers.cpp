#include "apps/sandbox/memo_wrappers.h"
#include "base/text.h"
#include "qr-pay/banks.h"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace cho40::sandbox {
namespace {

struct Parts {
    std::string_view text;
    Transfer const& transfer;
    std::uint64_t random;

    [[nodiscard]] std::string digits(int count, int shift = 0) const
    {
        std::uint64_t limit = 1;
        for (int i = 0; i < count; ++i) limit *= 10;
        return fmt::format("{:0{}}", (random >> shift) % limit, count);
    }
    [[nodiscard]] std::string alphanumeric(int count) const
    {
        constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        std::string out;
        for (auto rest = random; count > 0; --count, rest /= letters.size()) out += letters[rest % letters.size()];
        return out;
    }
    // As the bank's brand is written in narratives: "VCB".
    [[nodiscard]] std::string payer_bank() const
    {
        auto const* bank = qr_pay::Banks::current().find(transfer.payer.bank_bin);
        return bank == nullptr ? transfer.payer.bank_bin : to_ascii_upper(strip_accents(bank->short_name));
    }
    // "20261122", "101530"
    [[nodiscard]] std::string day() const { return compact().substr(0, 8); }
    [[nodiscard]] std::string time() const { return compact().substr(8, 6); }
    [[nodiscard]] std::string compact() const
    {
        auto local = to_local_time(transfer.booked_at);
        std::erase_if(local, [](char c) { return c < '0' || c > '9'; });
        return local;
    }
    [[nodiscard]] std::string parties() const
    {
        return fmt::format("CT tu {} {} toi {} {}", transfer.payer.account, as_banks_write(transfer.payer.name), transfer.account_number,
                           transfer.holder_name);
    }
};

// A statement printed in 40 columns puts a space into the word that a line's end falls into. How much of the first line is
// taken before the narrative begins differs; here so much that the line ends inside the payer's first word, where it hurts.
std::string broken_line(Parts const& p)
{
    constexpr std::size_t columns = 40, kept_of_text = 5;
    std::string const before = fmt::format("MBVCB.{}.", p.digits(10));
    auto const whole = fmt::format("{}{}.{}", before, p.text, p.parties());
    std::size_t line_end = before.size() + std::min(kept_of_text, p.text.size());
    std::string out;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i == line_end) {
            line_end += columns;
            if (whole[i - 1] != ' ' && whole[i] != ' ') out += ' ';
        }
        out += whole[i];
    }
    return out;
}

struct Wrapper {
    std::string_view name;
    std::string (*write)(Parts const&);
};

constexpr Wrapper wrappers[] = {
    {"plain", [](Parts const& p) { return std::string(p.text); }},
    {"vietcombank", [](Parts const& p) { return fmt::format("MBVCB.{}.{}.{}", p.digits(10), p.text, p.parties()); }},
    {"from_vietcombank",
     [](Parts const& p) { return fmt::format("MBVCB.{}.{}.{}.{}", p.digits(10), p.digits(6, 20), p.text, p.parties()); }},
    {"napas",
     [](Parts const& p) {
         return fmt::format("{}.{}{}{}.{}.{}", p.digits(6), p.day().substr(6), p.day().substr(4, 2), p.day().substr(2, 2), p.time(),
                            p.text);
     }},
    {"iso8583",
     [](Parts const& p) {
         return fmt::format("0200{}{}{}{}{}{}.{}.{}.{}", p.transfer.payer.bank_bin, p.day().substr(4), p.time(), p.day().substr(0, 4),
                            p.alphanumeric(4), p.digits(6), p.digits(5, 24), p.time(), p.text);
     }},
    {"wallet", [](Parts const& p) { return fmt::format("PARTNER.DIRECT_DEBITS_VCB.MSE.{}_{}", p.digits(11), p.text); }},
    {"wallet_zalopay", [](Parts const& p) { return fmt::format("PARTNER.DIRECT_DEBITS_VCB.ZLP.ZP{}_{}", p.digits(12), p.text); }},
    {"techcombank", [](Parts const& p) { return fmt::format("{} FT{}", p.text, p.digits(14)); }},
    {"mb_glued", [](Parts const& p) { return fmt::format("{}FT{}", p.text, p.digits(14)); }},
    {"vietinbank_napas", [](Parts const& p) { return fmt::format("Chuyen tien den tu NAPAS Noi dung: {}", p.text); }},
    {"vietinbank_247", [](Parts const& p) { return fmt::format("CT nhanh 247 den: {}", p.text); }},
    {"vietinbank_alias", [](Parts const& p) { return fmt::format("CT nhanh 247 den: {} ({})", p.text, p.transfer.account_number); }},
    {"bidv_card",
     [](Parts const& p) {
         return fmt::format("TKThe :{}, tai {}. {} -CTLNHIDI{}-1/1-CRE-002", p.transfer.payer.account, p.payer_bank(), p.text,
                            p.digits(12));
     }},
    {"bidv_transfer",
     [](Parts const& p) { return fmt::format("REM Tfr Ac:{} O@L_{}_{}", p.transfer.account_number, p.digits(6), p.text); }},
    {"sacombank", [](Parts const& p) { return fmt::format("IBFT {}", p.text); }},
    {"acb",
     [](Parts const& p) {
         auto const t = p.time();
         return fmt::format("{}-{}{}{}-{}:{}:{} {}", p.text, p.day().substr(6), p.day().substr(4, 2), p.day().substr(2, 2), t.substr(0, 2),
                            t.substr(2, 2), t.substr(4), p.digits(6));
     }},
    {"broken_line", broken_line},
    // Apps that read a code keep 25 characters of its memo.
    {"cut_at_25", [](Parts const& p) { return std::string(p.text.substr(0, 25)); }},
};

constexpr auto names = [] {
    std::array<std::string_view, std::size(wrappers)> out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = wrappers[i].name;
    return out;
}();

constexpr std::uint64_t draw_numbers = 31;

}  // namespace

std::string as_banks_write(std::string_view text)
{
    auto plain = strip_accents(text);
    std::ranges::replace_if(plain, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    std::erase_if(plain, [](char c) { return static_cast<unsigned char>(c) >= 0x7F; });
    return plain;
}

std::span<std::string_view const> memo_wrapper_names() { return names; }

Result<std::string> wrap_memo(std::string_view wrapper, std::string_view text, Transfer const& transfer, Dice const& dice)
{
    for (auto const& known : wrappers) {
        if (known.name == wrapper) return known.write(Parts{text, transfer, dice.draw(draw_numbers, transfer.number)});
    }
    return fail(Errc::unknown_value, "no bank wraps memos in the way \"" + std::string(wrapper.substr(0, 40)) + "\"", "/wrapper");
}

}  // namespace cho40::sandbox
