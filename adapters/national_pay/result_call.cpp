#include "adapters/national_pay/result_call.h"
#include "adapters/national_pay/checksum.h"
#include "adapters/national_pay/fields.h"
#include "adapters/national_pay/messages.h"
#include <nlohmann/json.hpp>

namespace cho40::national_pay {
namespace {

using nlohmann::json;

std::string checksum_of(ResultCall const& c, Secret const& secret)
{
    return checksum({c.kind, c.code, c.partner, c.reference, c.amount, c.currency, c.transaction, c.bank, c.time, c.words}, secret);
}

}  // namespace

Result<ResultCall> read_result_call(std::string_view body, Account const& account)
{
    CHO_TRY(auto const in, read_object(body));
    ResultCall call;
    CHO_TRY(call.kind, field(in, "LoaiBanTin"));
    CHO_TRY(call.code, field(in, "MaLoi"));
    CHO_TRY(call.partner, field(in, "MaDoiTac"));
    CHO_TRY(call.reference, field(in, "MaThamChieu"));
    CHO_TRY(call.amount, field(in, "SoTien"));
    CHO_TRY(call.currency, field(in, "MaTienTe"));
    CHO_TRY(call.transaction, field(in, "MaGiaoDich"));
    CHO_TRY(call.bank, field(in, "MaNganHang"));
    CHO_TRY(call.time, field(in, "ThoiGianGD"));
    CHO_TRY(call.words, field(in, "ThongTinGiaoDich"));
    CHO_TRY(auto const proof, field(in, "MaXacThuc"));
    // Both are tried, whichever fits, so that the time it takes does not tell which one did.
    bool const is_current = fits(checksum_of(call, account.secret), proof);
    bool const is_previous = account.previous_secret && fits(checksum_of(call, *account.previous_secret), proof);
    if (!is_current && !is_previous) return fail(Errc::bad_signature, "the checksum does not fit", "/MaXacThuc");
    call.secret = is_current ? 0 : 1;
    return call;
}

std::string_view difference(ResultCall const& call, fees::NationalPayment const& payment, Account const& account)
{
    if (call.partner != account.partner) return "partner";
    if (call.reference != payment.reference) return "reference";
    if (call.amount != std::to_string(payment.amount.count())) return "amount";
    if (call.currency != "VND") return "currency";
    return "";
}

fees::NationalResult result_of(ResultCall const& call)
{
    fees::NationalResult result;
    bool const is_paid = call.code == "00";
    result.kind = is_paid ? fees::NationalResult::Kind::paid : fees::NationalResult::Kind::failed;
    result.code = is_paid ? std::string("paid") : kept(call.code, 40);
    result.transaction = kept(call.transaction, 100);
    result.bank = kept(call.bank, 40);
    result.told_paid_at = read_time(call.time);
    return result;
}

std::string reply_body(std::string_view code, std::string_view words, Account const& account, Instant now)
{
    auto const time = write_time(now);
    json const body = {{"MaLoi", code},
                       {"MoTaLoi", words},
                       {"MaDoiTac", account.partner},
                       {"ThoiGianGD", time},
                       {"MaXacThuc", checksum({code, words, account.partner, time}, account.secret)}};
    return body.dump();
}

std::string signed_result_call(ResultCall const& c, Secret const& secret)
{
    json const body = {{"LoaiBanTin", c.kind},
                       {"MaLoi", c.code},
                       {"MaDoiTac", c.partner},
                       {"MaThamChieu", c.reference},
                       {"SoTien", c.amount},
                       {"MaTienTe", c.currency},
                       {"MaGiaoDich", c.transaction},
                       {"MaNganHang", c.bank},
                       {"ThoiGianGD", c.time},
                       {"ThongTinGiaoDich", c.words},
                       {"MaXacThuc", checksum_of(c, secret)}};
    return body.dump();
}

}  // namespace cho40::national_pay
