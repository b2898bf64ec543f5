#include "adapters/api/recon_json.h"
#include "adapters/api/ids.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "reconcile/workflow/day_sheet.h"
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;
using reconcile::Side;

std::string partner_text(Uuid partner) { return http::to_text(Id<qr_pay::RailAccountTag>(partner)); }

json count_sum(reconcile::CountSum const& of) { return {{"count", of.count}, {"sum", http::money_json(of.sum)}}; }

std::string_view side_name(Side side)
{
    switch (side) {
    case Side::internal: return "internal";
    case Side::provider: return "provider";
    case Side::bank: return "bank";
    }
    return "";
}

// Why a file is held back, what that means and what to do about it.
std::string held_words(stores::ReconFile const& file, http::Language language)
{
    bool const other = file.result == reconcile::ImportResult::FILE_CONFLICT;
    if (language == http::Language::en) {
        return file.detail + ". The file is held for people to look at; none of its lines is used. " +
               (other ? "If this is the right file, send it with a higher revision."
                      : "Ask its sender for a right one and send that with a higher revision.");
    }
    return std::string(other ? "Ngày này đã có tệp khác" : "Số liệu trong tệp không khớp nhau") +
           ". Tệp được giữ lại cho người phụ trách xem, chưa dòng nào được dùng để đối soát. " +
           (other ? "Nếu tệp này mới đúng, hãy gửi lại với revision cao hơn."
                  : "Hãy yêu cầu bên gửi xuất lại tệp đúng rồi gửi với revision cao hơn.") +
           " (" + file.detail + ")";
}

// A file that is used, with entries that are not.
std::string foreign_words(stores::ReconFile const& file, http::Language language)
{
    if (language == http::Language::en)
        return file.detail + ". They are kept, not counted, and every one will be a break CURRENCY_MISMATCH of its day.";
    return "Có bút toán không phải tiền Việt Nam. Chúng được lưu nhưng không cộng; mỗi bút toán sẽ là một khoản lệch CURRENCY_MISMATCH. (" +
           file.detail + ")";
}

}  // namespace

std::string lower_name(std::string_view stored)
{
    std::string out(stored);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string recon_result_name(reconcile::ImportResult result) { return lower_name(reconcile::name_of(result)); }

json recon_file_json(stores::ReconFile const& file, reconcile::ImportResult result, http::Language language)
{
    json errors = json::array();
    if (!file.detail.empty() && file.in_force) {
        errors.push_back({{"line", 0}, {"code", errc_name(Errc::currency_not_vnd)}, {"detail", foreign_words(file, language)}});
    } else if (!file.detail.empty()) {
        errors.push_back({{"line", file.detail_line}, {"code", recon_result_name(file.result)}, {"detail", held_words(file, language)}});
    }
    json view = {{"id", http::to_text(file.id)},
                 {"side", side_name(file.side)},
                 {"source", partner_text(file.partner)},
                 {"date", http::day_json(file.date)},
                 {"revision", file.revision},
                 {"sha256", to_hex(file.digest)},
                 {"bytes", file.size},
                 {"result", recon_result_name(result)},
                 {"lines", file.lines},
                 {"sum", http::money_json(file.sum)},
                 {"errors", std::move(errors)}};
    stamp(view, "recon_file", 1, file.received_at, file.received_at);
    return view;
}

std::string run_summary(reconcile::DayRun const& run, RunInputs const& inputs)
{
    struct Count {
        std::int64_t count = 0;
        std::int64_t delta = 0;
    };
    std::map<reconcile::BreakClass, Count> classes;
    for (auto const& found : run.breaks) {
        auto& of = classes[found.kind];
        ++of.count;
        of.delta += found.delta.count();
    }
    json breaks = json::array();
    for (auto const& [kind, of] : classes) {
        breaks.push_back({{"class", reconcile::name_of(kind)}, {"count", of.count}, {"delta", http::money_json(Dong(of.delta))}});
    }
    json equations = json::array();
    for (auto const& e : run.result.equations) {
        equations.push_back({{"number", e.number},
                             {"name", e.name},
                             {"left", http::money_json(e.left)},
                             {"right", http::money_json(e.right)},
                             {"holds", e.left == e.right}});
    }
    json files = json::array();
    for (auto const& file : inputs.files) {
        files.push_back({{"id", http::to_text(file.id)},
                         {"side", side_name(file.side)},
                         {"date", http::day_json(file.date)},
                         {"revision", file.revision},
                         {"lines", file.lines},
                         {"sum", http::money_json(file.sum)},
                         {"sha256", to_hex(file.digest)}});
    }
    json summary = {{"ledger", count_sum(inputs.ledger)},
                    {"matched", count_sum(run.matched)},
                    {"waiting", count_sum(run.waiting)},
                    {"breaks", std::move(breaks)},
                    {"equations", std::move(equations)},
                    {"files", std::move(files)},
                    {"rules_sha256", to_hex(reconcile::rule_set_digest())}};
    return http::dump_json(summary);
}

json empty_summary()
{
    json const none = count_sum(reconcile::CountSum());
    return {{"matched", none}, {"waiting", none}, {"breaks", json::array()}, {"equations", json::array()}};
}

json recon_run_json(stores::ReconRun const& run)
{
    auto view = json::parse(run.summary);
    view["id"] = http::to_text(run.id);
    view["state"] = http::state_json("succeeded", true, run.created_at);
    view["date"] = http::day_json(run.date);
    view["partner"] = partner_text(run.partner);
    stamp(view, "recon_run", 1, run.created_at, run.created_at);
    return view;
}

std::string break_members(reconcile::DayBreak const& found)
{
    json records = json::array();
    for (auto const& r : found.records) {
        auto id = r.id;
        if (auto const uuid = Uuid::from_string(id); r.side == Side::internal && uuid) id = http::to_text(Id<qr_pay::CreditTag>(*uuid));
        records.push_back({{"side", side_name(r.side)},
                           {"id", std::move(id)},
                           {"amount", http::money_json(r.amount)},
                           {"at", http::instant_json(r.at)},
                           {"reference", http::text_or_null(r.reference)}});
    }
    return http::dump_json(records);
}

}  // namespace cho40::api
