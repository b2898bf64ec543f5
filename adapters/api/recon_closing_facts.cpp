#include "adapters/api/ids.h"
#include "adapters/api/recon_closing.h"
#include <nlohmann/json.hpp>
#include <set>

namespace cho40::api {
namespace {

using nlohmann::json;
using reconcile::DaySheet;
using reconcile::Side;

constexpr int breaks_max = 200'000;

auto not_compared()
{
    return fail(Error(Errc::invalid_state, "nobody has compared this day yet; start a run first")
                    .vi("Ngày này chưa được đối soát. Hãy chạy đối soát trước."));
}

auto run_again(std::string_view why_en, std::string_view why_vi)
{
    return fail(Error(Errc::invalid_state, std::string(why_en) + " since the newest comparison; start a run first")
                    .vi(std::string(why_vi) + " sau lần đối soát gần nhất. Hãy chạy đối soát lại trước."));
}

Dong money_in(json const& value) { return Dong(value.at("amount").get<std::int64_t>()); }

reconcile::CountSum count_sum_in(json const& value) { return {value.at("count").get<std::int64_t>(), money_in(value.at("sum"))}; }

Sha256 digest_in(json const& value)
{
    auto const bytes = from_hex(value.get<std::string>());
    Sha256 digest{};
    if (bytes && bytes->size() == digest.size()) std::ranges::copy(*bytes, digest.begin());
    return digest;
}

Result<reconcile::SheetFile> file_in(json const& value)
{
    reconcile::SheetFile file;
    file.id = value.at("id").get<std::string>();
    file.side = value.at("side") == "bank" ? Side::bank : Side::provider;
    CHO_TRY(file.date, Day::parse(value.at("date").get<std::string>()));
    file.revision = value.at("revision").get<int>();
    file.lines = value.at("lines").get<std::int64_t>();
    file.sum = money_in(value.at("sum"));
    file.digest = digest_in(value.at("sha256"));
    return file;
}

// A run from before its files were kept with it has no files here: it is not fresh, and is run again.
Result<DaySheet> sheet_of_run(stores::ReconRun const& run, stores::ReconPartner const& partner)
{
    auto const summary = json::parse(run.summary);
    DaySheet sheet;
    sheet.day = run.date;
    sheet.partner = http::to_text(partner.id);
    sheet.partner_name = partner.name;
    sheet.run = http::to_text(run.id);
    sheet.as_of = run.as_of;
    sheet.matched = count_sum_in(summary.at("matched"));
    sheet.waiting = count_sum_in(summary.at("waiting"));
    for (auto const& e : summary.at("equations"))
        sheet.equations.push_back(
            {e.at("number").get<int>(), e.at("name").get<std::string>(), money_in(e.at("left")), money_in(e.at("right"))});
    if (!summary.contains("files")) return sheet;
    sheet.rules = digest_in(summary.at("rules_sha256"));
    sheet.ledger = count_sum_in(summary.at("ledger"));
    for (auto const& value : summary.at("files")) {
        CHO_TRY(auto file, file_in(value));
        sheet.files.push_back(std::move(file));
    }
    std::ranges::sort(sheet.files, {}, [](auto const& f) { return std::tuple(f.date, f.side, f.id); });
    return sheet;
}

}  // namespace

boost::asio::awaitable<Result<std::optional<DayFacts>>> facts_of_day(ReconContext& context, stores::ReconPartner partner, Day day)
{
    std::vector<Uuid> of{partner.id.uuid};
    CHO_CO_TRY(auto runs, co_await context.recon.newest_runs(std::move(of), day));
    if (runs.empty()) co_return std::optional<DayFacts>();
    DayFacts facts;
    facts.run = std::move(runs.front());
    CHO_CO_TRY(facts.sheet, sheet_of_run(facts.run, partner));
    stores::BreakFilter filter;
    filter.partners = {partner.id.uuid};
    filter.from = filter.to = day;
    CHO_CO_TRY(facts.breaks, co_await context.breaks.list(std::move(filter), std::nullopt, breaks_max + 1));
    if (facts.breaks.size() > breaks_max) co_return fail(Errc::too_many, "the day has more than " + std::to_string(breaks_max) + " breaks");
    for (auto const& found : facts.breaks) {
        auto const state = found.standing.state;
        facts.sheet.breaks.push_back({http::to_text(found.id), found.kind, found.delta, found.at_stake,
                                      reconcile::is_finished(state) ? std::optional(state) : std::nullopt});
    }
    std::ranges::sort(facts.sheet.breaks, {}, [](auto const& b) { return std::tuple(b.kind, b.id); });
    co_return std::optional(std::move(facts));
}

boost::asio::awaitable<Result<DayFacts>> fresh_facts_of_day(ReconContext& context, stores::ReconPartner partner, Day day)
{
    CHO_CO_TRY(auto facts, co_await facts_of_day(context, partner, day));
    if (!facts) co_return not_compared();
    CHO_CO_TRY(auto const settings, settings_of(partner, day));
    CHO_CO_TRY(auto const files, co_await files_around(context, partner, day, settings));
    std::set<std::string> now;
    std::set<std::string> then;
    for (auto const& file : files) {
        if (file.in_force && looks_at(file, day, settings)) now.insert(http::to_text(file.id));
    }
    for (auto const& file : facts->sheet.files) then.insert(file.id);
    if (now != then) co_return run_again("files came in", "Có tệp mới");
    // A file that is held back is not in force: the run that turns it into a break comes after it.
    bool const held = std::ranges::any_of(files, [&](auto const& file) { return file.date == day && file.received_at > facts->run.as_of; });
    if (held) co_return run_again("a file came in", "Có tệp mới");
    CHO_CO_TRY(auto const ledger, co_await context.closings.ledger_figures(partner, day));
    if (ledger.count != facts->sheet.ledger.count || ledger.sum != facts->sheet.ledger.sum)
        co_return run_again("credits of the day were booked", "Có thêm khoản tiền của ngày");
    co_return *std::move(facts);
}

stores::ReconClosing const* newest_signed(std::vector<stores::ReconClosing> const& of_a_day)
{
    stores::ReconClosing const* newest = nullptr;
    for (auto const& closing : of_a_day) {
        if (closing.is_signed() && (newest == nullptr || closing.number > newest->number)) newest = &closing;
    }
    return newest;
}

}  // namespace cho40::api
