#include "qr-pay/stall_codes.h"
#include "base/text.h"
#include "qr-pay/bank_account.h"
#include "qr-pay/vietqr.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

constexpr std::size_t name_characters_max = 25, city_characters_max = 15;

bool is_mcc(std::string_view text)
{
    return text.size() == 4 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What is wrong with a text that a code carries without accents and signs.
void check_plain(std::vector<FieldError>& faults, std::string_view text, std::size_t most, char const* pointer)
{
    if (!is_valid_utf8(text)) {
        faults.push_back({pointer, Errc::invalid_utf8, "the text is not valid UTF-8", "Chữ không phải UTF-8."});
        return;
    }
    auto const length = plain_words(text).size();
    if (length == 0) {
        faults.push_back({pointer, Errc::invalid_format, "a code carries letters and digits without accents, and none is here",
                          "Mã chỉ mang chữ và số không dấu; ở đây không có chữ hay số nào."});
    } else if (length > most) {
        faults.push_back({pointer, Errc::text_too_long, "at most " + std::to_string(most) + " characters, has " + std::to_string(length),
                          "Nhiều nhất " + std::to_string(most) + " ký tự, đang có " + std::to_string(length) + ".",
                          static_cast<std::int64_t>(most)});
    }
}

}  // namespace

std::vector<FieldError> faults_of(MerchantTerms const& terms)
{
    std::vector<FieldError> faults;
    if (!is_bank_bin(terms.acquirer_bin)) {
        faults.push_back({"/acquirer_bin", Errc::invalid_format, "an acquirer number has six digits", "Số của ngân hàng có sáu chữ số."});
    }
    if (!is_account_number(terms.merchant_id)) {
        faults.push_back({"/merchant_id", Errc::invalid_format, "a merchant id has 1 to 19 letters and digits",
                          "Mã đơn vị chấp nhận thanh toán có 1 đến 19 chữ cái không dấu và chữ số."});
    }
    if (!is_mcc(terms.mcc)) {
        faults.push_back({"/mcc", Errc::invalid_format, "a merchant category code has four digits", "Mã ngành (MCC) có bốn chữ số."});
    }
    check_plain(faults, terms.name, name_characters_max, "/name");
    check_plain(faults, terms.city, city_characters_max, "/city");
    return faults;
}

std::string sign_memo(std::string_view stall_number)
{
    auto const number = plain_words(stall_number).substr(0, memo_characters_max - 4);
    return number.empty() ? "SAP" : "SAP " + number;
}

Result<std::string> transfer_sign_code(std::string const& bin, std::string const& account, std::string_view memo)
{
    QrRequest request(bin, account);
    request.memo = memo;
    return encode(request);
}

Result<std::string> merchant_sign_code(MerchantTerms const& terms, std::string_view memo)
{
    QrRequest request(terms.acquirer_bin, terms.merchant_id);
    request.service = QrService::merchant_payment;
    request.mcc = terms.mcc;
    request.name = terms.name;
    request.city = terms.city;
    request.memo = memo;
    return encode(request);
}

}  // namespace cho40::qr_pay
