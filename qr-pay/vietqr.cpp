#include "qr-pay/vietqr.h"
#include "base/check.h"
#include "base/text.h"
#include "qr-pay/bank_account.h"
#include "qr-pay/bank_credit.h"
#include "qr-pay/crc16.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::array<std::string_view, 4> service_names = {"QRIBFTTA", "QRIBFTTC", "QRPUSH", "QRCASH"};

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string object(std::string_view id, std::string_view value)
{
    CHO_CHECK(!value.empty() && value.size() <= 99);
    std::string out(id);
    out += static_cast<char>('0' + value.size() / 10);
    out += static_cast<char>('0' + value.size() % 10);
    return out += value;
}

// One text as the payload carries it: plain, not longer than `most`; empty when it was empty.
Result<std::string> plain(std::string_view text, std::size_t most, char const* pointer)
{
    if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "the text is not valid UTF-8", pointer);
    auto words = plain_words(text);
    if (words.empty() && !text.empty()) return fail(Errc::invalid_input, "nothing is left of the text without accents and signs", pointer);
    if (words.size() > most) {
        return fail(Errc::text_too_long, "at most " + std::to_string(most) + " characters, has " + std::to_string(words.size()), pointer);
    }
    return words;
}

Result<Done> check_beneficiary(QrRequest const& request)
{
    if (!is_bank_bin(request.bin)) return fail(Errc::invalid_input, "an acquirer number has six digits", "/bin");
    if (!is_account_number(request.account)) {
        return fail(Errc::invalid_input, "an account number has 1 to 19 letters and digits", "/account");
    }
    return Done{};
}

Result<Done> check_amount(std::optional<Dong> amount)
{
    if (!amount) return Done{};
    if (!amount->is_positive()) return fail(Errc::amount_not_positive, "the amount must be more than 0 VND", "/amount");
    if (*amount > amount_max) return fail(Errc::amount_overflow, "the amount has more than 13 digits", "/amount");
    return Done{};
}

}  // namespace

Result<std::string> encode(QrRequest const& request)
{
    CHO_TRY_DO(check_beneficiary(request));
    CHO_TRY_DO(check_amount(request.amount));
    CHO_TRY(auto const memo, plain(request.memo, memo_characters_max, "/memo"));
    CHO_TRY(auto const name, plain(request.name, 25, "/name"));
    CHO_TRY(auto const city, plain(request.city, 15, "/city"));
    CHO_TRY(auto const reference, plain(request.reference_label, 25, "/reference_label"));
    CHO_TRY(auto const terminal, plain(request.terminal_label, 25, "/terminal_label"));
    bool const merchant = request.service == QrService::merchant_payment || request.service == QrService::cash;
    auto const mcc = request.mcc.empty() && merchant ? "0000" : request.mcc;
    if (!mcc.empty() && (mcc.size() != 4 || mcc.find_first_not_of("0123456789") != std::string::npos)) {
        return fail(Errc::invalid_input, "a merchant category code has four digits", "/mcc");
    }
    if (merchant && name.empty()) return fail(Errc::invalid_input, "this service needs the merchant's name", "/name");
    if (merchant && city.empty()) return fail(Errc::invalid_input, "this service needs the merchant's city", "/city");
    if (request.service == QrService::cash && reference.empty())
        return fail(Errc::invalid_input, "QRCASH needs a reference", "/reference_label");
    if (request.service == QrService::cash && terminal.empty())
        return fail(Errc::invalid_input, "QRCASH needs a terminal", "/terminal_label");

    auto const optional_object = [](std::string_view id, std::string_view value) {
        return value.empty() ? std::string() : object(id, value);
    };
    auto const additional = optional_object("05", reference) + optional_object("07", terminal) + optional_object("08", memo);
    std::string payload = object("00", "01");
    payload += object("01", request.amount ? "12" : "11");
    payload += object("38", object("00", "A000000727") + object("01", object("00", request.bin) + object("01", request.account)) +
                                object("02", name_of(request.service)));
    payload += optional_object("52", mcc);
    payload += object("53", "704");
    if (request.amount) payload += object("54", std::to_string(request.amount->count()));
    payload += object("58", "VN");
    payload += optional_object("59", name);
    payload += optional_object("60", city);
    payload += optional_object("62", additional);
    payload += "6304";
    return payload + crc16_text(payload);
}

std::string memo_for(OrderCode const& code, std::string_view text)
{
    std::string memo = code.text();
    auto const words = plain_words(text);
    for (std::size_t begin = 0; begin < words.size();) {
        auto const end = std::min(words.find(' ', begin), words.size());
        if (memo.size() + 1 + (end - begin) > memo_characters_max) break;
        memo += ' ';
        memo += words.substr(begin, end - begin);
        begin = end + 1;
    }
    return memo;
}

std::string plain_words(std::string_view text)
{
    std::string out;
    bool gap = false;
    for (char c : strip_accents(text)) {
        if (!is_letter_or_digit(c)) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

std::string_view name_of(QrService service) { return service_names[static_cast<std::size_t>(service)]; }

std::optional<QrService> qr_service_named(std::string_view name)
{
    auto const it = std::ranges::find(service_names, name);
    if (it == service_names.end()) return std::nullopt;
    return static_cast<QrService>(it - service_names.begin());
}

}  // namespace cho40::qr_pay
