#include "adapters/api/ids.h"
#include "adapters/api/recon.h"
#include "adapters/api/recon_json.h"
#include "adapters/http/gzip.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/problem.h"
#include "adapters/statements/day_file.h"
#include "base/offload.h"
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using reconcile::ImportResult;
using reconcile::Side;
using stores::ReconFile;
using stores::ReconPartner;

// Neighbours whose balances must continue each other; a statement covers at most a month.
constexpr int neighbours = 40;
constexpr int attempts_max = 3;

struct Order {
    Side side = Side::provider;
    Day day;
    int revision = 1;
    Id<qr_pay::RailAccountTag> source;
};

Result<Order> read_order(Request const& request)
{
    CHO_TRY_DO(http::only_query(request, {"side", "source", "date", "revision"}));
    Order order;
    auto const side = request.query_value("side");
    if (side == "bank") order.side = Side::bank;
    else if (side != "provider") return fail(Errc::invalid_input, "say whose file it is: side=provider or side=bank", "#query/side");
    auto const source = request.query_value("source");
    if (!source) return fail(Errc::invalid_input, "say which partner: source=rla_…", "#query/source");
    CHO_TRY(order.source, http::parse_id<qr_pay::RailAccountTag>(*source));
    auto const date = request.query_value("date");
    if (!date) return fail(Errc::invalid_date, "say which day: date=2026-11-22", "#query/date");
    auto day = Day::parse(*date);
    if (!day) return fail(Errc::invalid_date, day.error().detail, "#query/date");
    order.day = *day;
    if (auto const text = request.query_value("revision")) {
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), order.revision);
        if (error != std::errc() || end != text->data() + text->size() || order.revision < 1 || order.revision > 9999) {
            return fail(Errc::invalid_input, "a revision is a whole number from 1 to 9999", "#query/revision");
        }
    }
    return order;
}

Result<Done> check_type(Request const& request)
{
    auto const type = request.media_type();
    for (auto const* known : {"application/octet-stream", "application/xml", "text/csv", "text/plain"}) {
        if (type == known) return Done{};
    }
    return fail(Errc::unsupported_media_type, "send the file as it is: application/octet-stream, application/xml, text/csv or text/plain",
                "#header/Content-Type");
}

// Nobody's day file begins as an archive does; its name often hides what it is, and the reader would only say "line 1".
Result<Done> refuse_an_archive(std::string_view bytes)
{
    if (!bytes.starts_with("\x1f\x8b") && !bytes.starts_with("PK\x03\x04")) return Done{};
    return fail(
        Error(Errc::unsupported_media_type, "the file is packed (gzip or zip): unpack it, or send gzip with Content-Encoding: gzip", "body")
            .vi("Tệp đang được nén (gzip hoặc zip): hãy giải nén, hoặc gửi gzip kèm Content-Encoding: gzip."));
}

// The file as it was sent: as it is, or packed. What it is known by are always its own bytes, so that a file is the same
// whether it comes packed or not.
struct SentFile {
    std::string bytes;
    bool packed = false;

    // Of a packed file no more than a piece is in memory.
    [[nodiscard]] Result<Sha256> digest() const
    {
        if (!packed) return sha256(bytes);
        Sha256Stream stream;
        CHO_TRY_DO(http::gunzip(bytes, http::day_file_unpacked_bytes_max, [&](std::string_view part) { stream.add(part); }));
        return stream.digest();
    }
    [[nodiscard]] Result<std::shared_ptr<std::string const>> unpacked() const
    {
        auto out = std::make_shared<std::string>();
        if (packed) {
            CHO_TRY_DO(http::gunzip(bytes, http::day_file_unpacked_bytes_max, [&](std::string_view part) { *out += part; }));
        } else {
            *out = bytes;
        }
        CHO_TRY_DO(refuse_an_archive(*out));
        return out;
    }
};

Result<bool> is_packed(Request const& request)
{
    auto const coding = request.header("Content-Encoding");
    if (coding.empty() || coding == "identity") return false;
    if (coding == "gzip") return true;
    return fail(Errc::unsupported_media_type, "send the file as it is or with Content-Encoding: gzip", "#header/Content-Encoding");
}

reconcile::ImportedFile as_imported(ReconFile const& file)
{
    reconcile::ImportedFile out;
    out.side = file.side;
    out.name = http::to_text(file.id);
    out.digest = file.digest;
    out.business_date = file.date;
    out.revision = file.revision;
    out.received_at = file.received_at;
    out.parties = file.accounts;
    out.balances = file.balances;
    return out;
}

bool overlap(std::set<std::string> const& a, std::set<std::string> const& b)
{
    if (a.empty() || b.empty()) return true;
    return std::ranges::any_of(a, [&](auto const& account) { return b.contains(account); });
}

// "2 entries are in USD, 1 in LAK, not in VND", or nothing.
std::string foreign_entries(std::vector<reconcile::BankEntry> const& entries)
{
    std::map<std::string, int> by_currency;
    for (auto const& entry : entries) {
        if (entry.currency != "VND") ++by_currency[entry.currency.str()];
    }
    std::string words;
    for (auto const& [currency, count] : by_currency) {
        words += (words.empty() ? "" : ", ") + std::to_string(count);
        if (by_currency.begin()->first == currency) words += count == 1 ? " entry is" : " entries are";
        words += " in " + currency;
    }
    return words.empty() ? words : words + ", not in VND";
}

// What is kept in memory of a file that was read: its facts, not its lines.
struct ReadFile {
    statements::DayFile day;  // without records
    std::string foreign;      // words about entries in another currency
    std::shared_ptr<std::string const> bytes;
};

Result<ReadFile> read_sent(SentFile const& sent, statements::DayFileFacts const& facts)
{
    ReadFile out;
    CHO_TRY(out.bytes, sent.unpacked());
    CHO_TRY(out.day, statements::read_day_file(facts, *out.bytes));
    auto& file = out.day.file;
    if (!file.damage) file.damage = reconcile::find_line_damage(file);
    out.foreign = foreign_entries(file.bank);
    file.provider = {};
    file.bank = {};
    return out;
}

// Takes the file into the partner's register and says what became of it; `superseded` are those it replaces.
struct Filed {
    ReconFile file;
    std::vector<Id<ReconFile>> superseded;
};

Filed file_it(ReconFile facts, ReadFile const& sent, std::vector<ReconFile> const& known, reconcile::Settings const& settings, Instant now)
{
    reconcile::FileRegister files(settings);
    for (auto const& other : known) {
        if (other.in_force && other.side == facts.side) files.import(as_imported(other));
    }
    auto const& read = sent.day;
    auto imported = read.file;
    imported.name = http::to_text(facts.id);
    imported.digest = facts.digest;
    imported.revision = facts.revision;
    imported.received_at = facts.received_at;
    auto const held_before = files.input(now).held.size();
    Filed out;
    out.file = std::move(facts);
    out.file.accounts = imported.parties;
    out.file.balances = imported.balances;
    out.file.lines = read.lines;
    out.file.sum = read.sum;
    out.file.result = files.import(std::move(imported));
    auto const held = files.input(now).held;
    out.file.in_force = held.size() == held_before;
    if (!out.file.in_force) {
        out.file.detail = held.back().why;
        out.file.detail_line = read.damage_line;
        return out;
    }
    out.file.detail = sent.foreign;
    for (auto const& other : known) {
        bool const same = other.in_force && other.side == out.file.side && other.date == out.file.date;
        if (same && overlap(other.accounts, out.file.accounts)) out.superseded.push_back(other.id);
    }
    return out;
}

void count_file(ReconContext& context, Side side, std::string_view result)
{
    context.metrics
        .counter("cho40_recon_files_total", "Reconciliation files by what became of them: taken, held back, or refused with a code.",
                 {{"side", side == Side::bank ? "bank" : "provider"}, {"result", std::string(result)}})
        .add();
}

// What a reader found wrong, also for those who do not read English: where it is and what to do.
Error in_words(Error error)
{
    if (!error.pointer.starts_with("line ")) return error;
    auto what = error.detail_vi.empty() ? std::string(http::problem_of(error.code).title_vi) : std::move(error.detail_vi);
    while (what.ends_with('.')) what.pop_back();
    error.detail_vi = what + " (dòng " + error.pointer.substr(5) +
                      "). Tệp không được nhận và không có gì thay đổi; hãy lấy lại tệp đúng từ bên gửi.";
    error.detail += " (" + error.pointer + "). The file was not taken and nothing has changed; get the right one from its sender.";
    return error;
}

ledger::Command command_for(Filed const& filed, std::shared_ptr<std::string const> bytes, std::int64_t count, http::Language language,
                            identity::Ticket const& ticket)
{
    auto const& file = filed.file;
    ledger::Command command(file.book);
    command.guards.push_back(ticket.guard());
    command.guards.push_back({make_derived_uuid({"recon files", file.partner.to_string()}), count, count + 1});
    command.rows.push_back(std::make_shared<stores::NewReconFile>(file, std::move(bytes)));
    for (auto const& id : filed.superseded) command.rows.push_back(std::make_shared<stores::SupersededReconFile>(file.book, id));
    identity::Answer answer(201, http::dump_json(recon_file_json(file, file.result, language)), identity::AuditTarget{"stm", file.id.uuid});
    answer.location = "/v1/recon/days/" + file.date.to_string() + "?partner=" + http::to_text(Id<qr_pay::RailAccountTag>(file.partner));
    answer.etag = http::etag(1);
    for (auto& row : ticket.rows(std::move(answer))) command.rows.push_back(std::move(row));
    return command;
}

Answering take(ReconContext& context, ReconPartner partner, Order order, Uuid by, std::shared_ptr<SentFile const> sent,
               http::Language language, identity::Ticket ticket)
{
    auto digesting = [sent] { return sent->digest(); };
    CHO_CO_TRY(auto const digest, co_await offload(context.computing, std::move(digesting)));
    CHO_CO_TRY(auto before, co_await context.recon.file_with(partner.book, partner.id.uuid, digest));
    if (before) {
        count_file(context, order.side, "duplicate_file");
        auto repeat = http::Response::json(recon_file_json(*before, ImportResult::DUPLICATE_FILE, language));
        co_return std::move(repeat).header("ETag", http::etag(1));
    }
    statements::DayFileFacts facts;
    facts.side = order.side;
    facts.day = order.day;
    CHO_CO_TRY(facts.accounts, co_await context.recon.accounts(partner.book, std::nullopt));
    auto reading = [sent, facts] { return read_sent(*sent, facts); };
    CHO_CO_TRY(auto read, co_await offload(context.computing, std::move(reading)));
    CHO_CO_TRY(auto settings, settings_of(partner, order.day));

    for (int attempt = 1;; ++attempt) {
        std::vector<Uuid> of{partner.id.uuid};
        CHO_CO_TRY(auto const count, co_await context.recon.count_files(partner.book, partner.id.uuid));
        CHO_CO_TRY(auto known,
                   co_await context.recon.files(std::move(of), order.day.plus_days(-neighbours), order.day.plus_days(neighbours)));
        auto const now = context.clock.now();
        ReconFile file;
        file.book = partner.book;
        file.id = make_id<ReconFile>(now, context.random);
        file.partner = partner.id.uuid;
        file.side = order.side;
        file.date = order.day;
        file.revision = order.revision;
        file.digest = digest;
        file.size = static_cast<std::int64_t>(read.bytes->size());
        file.received_at = now;
        file.received_by = by;
        auto const filed = file_it(std::move(file), read, known, settings, now);
        auto command = command_for(filed, read.bytes, count, language, ticket);
        auto receipt = co_await context.ledger.submit(std::move(command));
        if (receipt) {
            count_file(context, order.side, recon_result_name(filed.file.result));
            auto const level = filed.file.in_force ? observability::Level::info
                                                   : observability::Level::warning;  // somebody must look at it
            context.log.write(
                level, filed.file.in_force ? "recon.file" : "recon.file_held", {},
                {{"file", http::to_text(filed.file.id)}, {"result", recon_result_name(filed.file.result)}, {"lines", filed.file.lines}});
            co_return ticket.response();
        }
        if (receipt.error().code != Errc::stale || attempt == attempts_max) co_return tl::unexpected<Error>(std::move(receipt).error());
    }
}

}  // namespace

Answering import_recon_file(ReconContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto const order, read_order(request));
    CHO_CO_TRY_DO(check_type(request));
    if (request.body.empty()) co_return fail(Errc::invalid_input, "the body is the file; it is empty");
    CHO_CO_TRY(auto partner, co_await own_partner(context, principal, order.source));
    if (order.side == Side::provider && partner.channel == reconcile::Channel::bank) {
        co_return fail(
            Error(Errc::invalid_input, "this partner's money goes straight to the bank account: it has no provider file", "#query/side")
                .vi("Đối tác này chuyển tiền thẳng vào tài khoản ngân hàng nên không có tệp đối soát riêng."));
    }
    CHO_CO_TRY(auto const packed, is_packed(request));
    auto sent = std::make_shared<SentFile const>(SentFile{request.body, packed});
    auto const by = principal.id;
    auto const book = partner.book;
    auto const language = request.language;
    auto work = [&context, partner, order, by, sent, language](identity::Ticket ticket) -> Answering {
        return take(context, partner, order, by, sent, language, std::move(ticket));
    };
    identity::Idempotency::Work named = std::move(work);
    auto answer = co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(named));
    if (answer) co_return answer;
    auto refusal = in_words(std::move(answer).error());
    count_file(context, order.side, errc_name(refusal.code));
    context.log.warning("recon.file_refused",
                        {{"partner", http::to_text(order.source)}, {"code", errc_name(refusal.code)}, {"at", refusal.pointer}});
    co_return tl::unexpected<Error>(std::move(refusal));
}

}  // namespace cho40::api
