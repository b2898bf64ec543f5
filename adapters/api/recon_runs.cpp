#include "adapters/api/ids.h"
#include "adapters/api/recon.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/statements/case_answer.h"
#include "adapters/statements/day_file.h"
#include "adapters/stores/recon_breaks.h"
#include "base/offload.h"
#include "reconcile/sum.h"
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace cho40::api {
namespace {

using http::Request;
using reconcile::ImportResult;
using reconcile::Side;
using stores::ReconFile;
using stores::ReconPartner;
using stores::ReconRun;

constexpr int attempts_max = 3;

struct KeptFile {
    ReconFile file;
    std::string bytes;
};

// All a run needs, brought together on the loop; the rest happens in the pool.
struct Material {
    reconcile::DayInput input;
    std::vector<KeptFile> files;
    std::set<std::string> accounts;  // of the partner's channel
};

struct Outcome {
    reconcile::DayRun run;
    std::string summary;
    std::string full;  // JSON of everything found
};

// A file held back is answered when a later revision of the same day came into force.
bool answered(ReconFile const& held, std::vector<ReconFile> const& files)
{
    return std::ranges::any_of(files, [&](ReconFile const& other) {
        return other.in_force && other.side == held.side && other.date == held.date && other.received_at > held.received_at &&
               other.revision > held.revision;
    });
}

boost::asio::awaitable<Result<Material>> gather(ReconContext& context, ReconPartner partner, Day day)
{
    Material out;
    CHO_CO_TRY(out.input.settings, settings_of(partner, day));
    out.input.day = day;
    out.input.partner = partner.id.uuid.to_string();
    out.input.as_of = context.clock.now();
    auto const internal = reconcile::internal_reach(day);
    CHO_CO_TRY(auto files, co_await files_around(context, partner, day, out.input.settings));
    for (auto const& file : files) {
        if (!file.in_force) {
            bool const held = file.result == ImportResult::FILE_CONFLICT || file.result == ImportResult::FILE_INTEGRITY;
            if (!held || file.date != day || answered(file, files)) continue;
            auto const kind = file.result == ImportResult::FILE_CONFLICT ? reconcile::BreakClass::FILE_CONFLICT
                                                                         : reconcile::BreakClass::FILE_INTEGRITY;
            out.input.held.push_back({kind, http::to_text(file.id), file.detail});
            continue;
        }
        if (!looks_at(file, day, out.input.settings)) continue;
        KeptFile kept;
        CHO_CO_TRY(kept.bytes, co_await context.recon.bytes(file.book, file.id));
        kept.file = file;
        out.files.push_back(std::move(kept));
    }
    CHO_CO_TRY(out.accounts, co_await context.recon.accounts(partner.book, partner.channel));
    CHO_CO_TRY(out.input.internal, co_await context.recon.internal(partner, internal.first.begin(), internal.last.end()));
    co_return out;
}

// A credit that another rail told first lacks the provider's own number. Providers that put the bank's reference into
// it, alone or before a '/', still name the credit.
void name_by_bank_reference(reconcile::DayInput& input)
{
    std::unordered_map<std::string_view, std::string_view> ids;
    for (auto const& file : input.files) {
        for (auto const& line : file.provider) {
            std::string_view const id = line.provider_txn_id;
            if (!id.empty()) ids.emplace(id.substr(0, id.find('/')), id);
        }
    }
    for (auto& record : input.internal) {
        if (!record.provider_txn_id.empty() || record.bank_reference.empty() || record.channel != reconcile::Channel::provider) continue;
        if (auto const it = ids.find(record.bank_reference); it != ids.end()) record.provider_txn_id = it->second;
    }
}

// Credits of the day itself; a run looks at its neighbours' too.
Result<reconcile::CountSum> ledger_figures(reconcile::DayInput const& input)
{
    reconcile::CountSum figures;
    reconcile::Sum sum;
    for (auto const& record : input.internal) {
        if (Day::of(record.event_at) != input.day || record.status != reconcile::InternalStatus::succeeded) continue;
        ++figures.count;
        sum.add(signed_amount(record.kind, record.amount));
    }
    CHO_TRY(figures.sum, sum.total());
    return figures;
}

Result<Outcome> compute(Material material)
{
    auto& input = material.input;
    RunInputs inputs;
    CHO_TRY(inputs.ledger, ledger_figures(input));
    for (auto const& kept : material.files) inputs.files.push_back(kept.file);
    for (auto& kept : material.files) {
        statements::DayFileFacts facts;
        facts.side = kept.file.side;
        facts.day = kept.file.date;
        facts.accounts = kept.file.accounts;
        CHO_TRY(auto read, statements::read_day_file(facts, kept.bytes));
        auto& file = read.file;
        file.name = http::to_text(kept.file.id);
        for (auto& line : file.provider) line.file_id = file.name;  // two files may give themselves one name
        std::erase_if(file.bank, [&](auto const& entry) { return !material.accounts.contains(entry.account.str()); });
        std::erase_if(file.balances, [&](auto const& balance) { return !material.accounts.contains(balance.account); });
        input.files.push_back(std::move(file));
        kept.bytes.clear();
    }
    name_by_bank_reference(input);
    auto const as_of = input.as_of;
    Outcome out;
    CHO_TRY(out.run, reconcile::run_day(std::move(input)));
    out.summary = run_summary(out.run, inputs);
    std::vector<statements::CheckpointAnswer> answers(1);
    answers.front().checkpoint.as_of = as_of;
    answers.front().result = out.run.result;
    out.full = statements::write_answers(answers);
    return out;
}

// The largest amount that is in question.
Dong at_stake(reconcile::DayBreak const& found)
{
    auto most = std::abs(found.delta.count());
    for (auto const& record : found.records) most = std::max(most, std::abs(record.amount.count()));
    return Dong(most);
}

ledger::Command command_for(ReconRun const& run, Outcome const& outcome, std::int64_t count, identity::Ticket const& ticket)
{
    ledger::Command command(run.book);
    command.guards.push_back(ticket.guard());
    command.guards.push_back({stores::runs_of_day(run.partner, run.date), count, count + 1});
    command.rows.push_back(std::make_shared<stores::NewReconRun>(run, outcome.full));
    for (auto const& found : outcome.run.breaks) {
        stores::ReconBreak row;
        row.book = run.book;
        row.id = Id<stores::ReconBreak>(found.id);
        row.partner = run.partner;
        row.date = run.date;
        row.kind = found.kind;
        row.members = break_members(found);
        row.delta = found.delta;
        row.at_stake = at_stake(found);
        row.summary = found.why;
        row.owner = reconcile::first_owner(found.kind);
        row.last_run = run.id;
        row.opened_at = run.created_at;
        command.rows.push_back(std::make_shared<stores::FoundReconBreak>(std::move(row)));
    }
    command.rows.push_back(std::make_shared<stores::FinishedReconRun>(run));
    ledger::Event event;
    event.id = make_derived_uuid({"recon run finished", run.id.uuid.to_string()});
    event.stream = run.partner;
    event.type = "recon.run_finished";
    event.resource = run.id.uuid;
    event.attributes.emplace_back("date", run.date.to_string());
    event.attributes.emplace_back("matched", outcome.run.matched.count);
    event.attributes.emplace_back("waiting", outcome.run.waiting.count);
    event.attributes.emplace_back("breaks", static_cast<std::int64_t>(outcome.run.breaks.size()));
    command.events.push_back(std::move(event));
    identity::Answer answer(201, http::dump_json(recon_run_json(run)), identity::AuditTarget{"job", run.id.uuid});
    answer.location = "/v1/recon/days/" + run.date.to_string() + "?partner=" + http::to_text(Id<qr_pay::RailAccountTag>(run.partner));
    answer.etag = http::etag(1);
    for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
    return command;
}

Answering run_once(ReconContext& context, ReconPartner partner, Day day, Uuid by, identity::Ticket ticket)
{
    for (int attempt = 1;; ++attempt) {
        CHO_CO_TRY(auto const count, co_await context.recon.count_runs(partner.book, partner.id.uuid, day));
        CHO_CO_TRY(auto material, co_await gather(context, partner, day));
        auto const as_of = material.input.as_of;
        auto const shared = std::make_shared<Material>(std::move(material));
        auto computing = [shared] { return compute(std::move(*shared)); };
        CHO_CO_TRY(auto const outcome, co_await offload(context.computing, std::move(computing)));
        ReconRun run;
        run.book = partner.book;
        run.created_at = context.clock.now();
        run.id = make_id<ReconRun>(run.created_at, context.random);
        run.partner = partner.id.uuid;
        run.date = day;
        run.as_of = as_of;
        run.summary = outcome.summary;
        run.started_by = by;
        auto command = command_for(run, outcome, count, ticket);
        auto receipt = co_await context.ledger.submit(std::move(command));
        if (receipt) {
            context.log.info("recon.run", {{"run", http::to_text(run.id)},
                                           {"matched", outcome.run.matched.count},
                                           {"breaks", static_cast<std::int64_t>(outcome.run.breaks.size())}});
            co_return ticket.response();
        }
        if (receipt.error().code != Errc::stale || attempt == attempts_max) co_return tl::unexpected<Error>(std::move(receipt).error());
    }
}

}  // namespace

bool looks_at(stores::ReconFile const& file, Day day, reconcile::Settings const& settings)
{
    auto const reach = file.side == Side::provider ? reconcile::provider_reach(day, settings) : reconcile::bank_reach(day, settings);
    return reach.holds(file.date);
}

boost::asio::awaitable<Result<std::vector<stores::ReconFile>>> files_around(ReconContext& context, stores::ReconPartner partner, Day day,
                                                                            reconcile::Settings settings)
{
    auto const provider = reconcile::provider_reach(day, settings);
    auto const bank = reconcile::bank_reach(day, settings);
    std::vector<Uuid> of{partner.id.uuid};
    co_return co_await context.recon.files(std::move(of), std::min(provider.first, bank.first), std::max(provider.last, bank.last));
}

Answering start_recon_run(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const day = in.day("date");
    auto const partner_id = in.id<qr_pay::RailAccountTag>("partner");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto partner, co_await own_partner(context, principal, partner_id));
    auto const by = principal.id;
    auto const book = partner.book;
    auto work = [&context, partner, day, by](identity::Ticket ticket) -> Answering {
        return run_once(context, partner, day, by, std::move(ticket));
    };
    identity::Idempotency::Work named = std::move(work);
    auto const request_id = request.request_id;
    auto const operation = std::string(request.operation_id);
    auto answer = co_await context.idempotency.run(std::move(request), principal, book, std::move(named));
    if (!answer && answer.error().code == Errc::equation_failed) {
        // The books of the day do not add up: nothing is written but that somebody tried.
        context.log.error("recon.equation_failed", {{"partner", http::to_text(partner_id)}, {"detail", answer.error().detail}});
        answer.error().detail_vi = "Số liệu của ngày không khớp nên việc đối soát đã dừng. " + answer.error().detail;
        co_await context.audit.denied(std::move(principal), operation, request_id, Errc::equation_failed);
    }
    co_return answer;
}

}  // namespace cho40::api
