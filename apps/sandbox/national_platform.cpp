#include "apps/sandbox/national_platform.h"
#include "base/digest.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using nlohmann::json;

std::string joined(std::vector<std::string> const& fields, std::string const& secret)
{
    std::string text;
    for (auto const& field : fields) text += field + "|";
    return to_hex(sha256(text + secret));
}

Result<std::vector<std::string>> fields_of(json const& message, std::initializer_list<char const*> names)
{
    std::vector<std::string> fields;
    for (auto const* name : names) {
        auto const it = message.find(name);
        if (it == message.end() || !it->is_string())
            return fail(Errc::required, std::string(name) + " is missing", std::string("/") + name);
        fields.push_back(it->get<std::string>());
    }
    return fields;
}

Result<Done> check(json const& message, NationalPartner const& partner, std::initializer_list<char const*> names)
{
    CHO_TRY(auto const fields, fields_of(message, names));
    if (message.value("MaXacThuc", "") != joined(fields, partner.secret)) return fail(Errc::bad_signature, "MaXacThuc does not fit");
    return Done{};
}

// 24 hours, or what a program that writes "hh" for "HH" makes of it.
std::string written_time(Instant at, bool twelve_hours)
{
    auto text = to_local_time(at);
    if (twelve_hours) {
        auto const hour = std::stoi(text.substr(11, 2)) % 12;
        auto const written = std::to_string(hour == 0 ? 12 : hour);
        text.replace(11, 2, written.size() == 1 ? "0" + written : written);
    }
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
}

}  // namespace

std::string_view state_name(NationalAttempt::State state)
{
    switch (state) {
    case NationalAttempt::State::paid: return "paid";
    case NationalAttempt::State::failed: return "failed";
    case NationalAttempt::State::open: break;
    }
    return "open";
}

NationalPartner const* NationalPlatform::partner(std::string_view name) const
{
    auto const it = partners_.find(name);
    return it == partners_.end() ? nullptr : &it->second;
}

NationalAttempt* NationalPlatform::find(std::string_view reference)
{
    auto const it = std::ranges::find(attempts_, reference, &NationalAttempt::reference);
    return it == attempts_.end() ? nullptr : &*it;
}

NationalAttempt const* NationalPlatform::attempt(std::string_view reference) const
{
    auto const it = std::ranges::find(attempts_, reference, &NationalAttempt::reference);
    return it == attempts_.end() ? nullptr : &*it;
}

Result<std::string> NationalPlatform::take(std::string_view body, std::string_view authorization)
{
    auto const message = json::parse(body, nullptr, false);
    if (!message.is_object()) return fail(Errc::invalid_json, "one object is wanted");
    auto const* const found = partner(message.value("MaDoiTac", ""));
    if (!found || authorization != "Bearer " + found->token) return fail(Errc::unauthenticated, "this partner is not known");
    if (message.value("LoaiBanTin", "") == "INIT") return open(*found, message);
    return answer(*found, message);
}

Result<std::string> NationalPlatform::open(NationalPartner const& partner, json const& message)
{
    CHO_TRY_DO(check(message, partner,
                     {"LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "SoTien", "LoaiHinhThanhToan", "MaKenhThanhToan", "MaThietBi",
                      "NgonNgu", "MaTienTe", "MaNganHang", "ThongTinGiaoDich", "ThoiGianGD", "Ip"}));
    CHO_TRY(auto const fields, fields_of(message, {"MaThamChieu", "SoTien", "ThoiGianGD", "ThongTinGiaoDich"}));
    if (auto* const known = find(fields[0])) {
        known->told.push_back("INIT " + fields[2]);
        return fail(Errc::invalid_state, "MaThamChieu was used before");
    }
    auto const& receipt = message.value("ThongTinBienLai", json::object());
    std::int64_t sum = 0;
    for (auto const& line : receipt.value("PhiLePhi", json::array())) sum += std::stoll(line.value("SoTien", "0"));
    if (std::to_string(sum) != fields[1]) return fail(Errc::validation_failed, "the lines do not make SoTien");
    NationalAttempt attempt;
    attempt.partner = partner.name;
    attempt.reference = fields[0];
    attempt.amount = fields[1];
    attempt.sent_time = fields[2];
    attempt.words = fields[3];
    attempt.told.push_back("INIT " + fields[2]);
    attempt.receipt = receipt.dump();
    attempts_.push_front(std::move(attempt));
    return "/dvcqg/pay/" + fields[0];
}

Result<std::string> NationalPlatform::answer(NationalPartner const& partner, json const& message)
{
    CHO_TRY_DO(check(message, partner, {"LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD"}));
    CHO_TRY(auto const fields, fields_of(message, {"LoaiBanTin", "MaThamChieu", "ThoiGianGD"}));
    auto* const known = find(fields[1]);
    // A question that does not repeat the string of INIT is about nothing that is known.
    if (!known || known->partner != partner.name || known->sent_time != fields[2]) return fail(Errc::not_found, "no such payment");
    known->told.push_back(fields[0] + " " + fields[2]);
    if (fields[0] == "GET_BILL") {
        if (known->state != NationalAttempt::State::paid) return fail(Errc::not_found, "nothing was paid");
        return "%PDF-1.4\n% bien lai dien tu cua Cong: " + known->reference + " " + known->amount + "\n%%EOF\n";
    }
    auto state = known->state == NationalAttempt::State::paid ? "1" : known->state == NationalAttempt::State::failed ? "4" : "3";
    if (partner.faults.contains("query_unknown")) state = "3";
    json said = {{"MaThamChieu", known->reference}, {"SoTien", known->amount}, {"TrangThaiGD", state}};
    if (partner.faults.contains("query_other_amount")) said["SoTien"] = "1000";
    return said.dump();
}

Result<Done> NationalPlatform::end(std::string_view reference, bool paid, Instant now)
{
    auto* const known = find(reference);
    if (!known) return fail(Errc::not_found, "no such payment");
    known->state = paid ? NationalAttempt::State::paid : NationalAttempt::State::failed;
    known->ended_at = now;
    if (paid && known->transaction.empty())
        known->transaction = "PG" + known->sent_time.substr(0, 8) + std::to_string(100000 + ++payments_);
    return Done{};
}

Result<std::string> NationalPlatform::result_call(std::string_view reference, NationalTelling const& telling, Instant now) const
{
    auto const* const known = attempt(reference);
    auto const* const from = known ? partner(known->partner) : nullptr;
    if (!from) return fail(Errc::not_found, "no such payment");
    std::vector<std::string> const fields = {"CONFIRM",
                                             telling.code,
                                             telling.partner.value_or(from->name),
                                             telling.reference.value_or(known->reference),
                                             telling.amount.value_or(known->amount),
                                             telling.currency.value_or("VND"),
                                             telling.transaction.value_or(known->transaction),
                                             telling.bank.value_or("VCB"),
                                             written_time(known->ended_at == Instant() ? now : known->ended_at, telling.twelve_hours),
                                             known->words};
    constexpr std::array names = {"LoaiBanTin", "MaLoi",      "MaDoiTac",   "MaThamChieu", "SoTien",
                                  "MaTienTe",   "MaGiaoDich", "MaNganHang", "ThoiGianGD",  "ThongTinGiaoDich"};
    json body;
    for (std::size_t i = 0; i < names.size(); ++i) body[names[i]] = fields[i];
    body["MaXacThuc"] = joined(fields, telling.wrong_checksum ? "another secret" : from->secret);
    return body.dump();
}

}  // namespace cho40::sandbox
