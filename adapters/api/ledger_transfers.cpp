// Transfers as integrators post them. A transfer's id is made before the first try and is its idempotency key: the journal
// itself knows what stands already, for ever, so there is no answer to keep beside it.
#include "adapters/api/posting.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/problem.h"
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;

// Answers are written straight into one string: a tree of 8,000 results would cost more than posting them.
void put_number(std::string& out, std::int64_t number)
{
    std::array<char, 24> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void put_posted(std::string& out, ledger::Receipt::Line const& line)
{
    out += R"(,"seq":)";
    put_number(out, line.seq);
    out += R"(,"amount":{"amount":)";
    put_number(out, line.amount.count());
    out += R"(,"currency":"VND"})";
}

void put_id(std::string& out, Id<ledger::Transfer> const& id)
{
    if (id.is_nil()) {
        out += R"("id":null)";  // it could not be read
        return;
    }
    out += R"("id":"trf_)";
    out += id.uuid.to_base32();
    out += '"';
}

// A pointer of the ledger's, "/transfers/<index in the command>/<member>", split.
struct Place {
    std::size_t index = 0;
    std::string member;  // "/amount", or empty
};
std::optional<Place> place_of(std::string_view pointer)
{
    constexpr std::string_view before = "/transfers/";
    if (!pointer.starts_with(before)) return std::nullopt;
    pointer.remove_prefix(before.size());
    Place place;
    auto const [end, error] = std::from_chars(pointer.data(), pointer.data() + pointer.size(), place.index);
    if (error != std::errc()) return std::nullopt;
    place.member = pointer.substr(static_cast<std::size_t>(end - pointer.data()));
    if (place.member == "/timeout") place.member = "/timeout_s";
    return place;
}

// The journal cannot be written now. Whatever stands is recognised when the same is sent again.
bool try_again(Error const& error) { return http::problem_of(error.code).status == 503; }

Answering post_one(PostingContext& context, Request request)
{
    CHO_CO_TRY(auto const principal, co_await admit_writer(context, request));
    CHO_CO_TRY_DO(http::check_json_type(request));
    CHO_CO_TRY(auto one, context.reader.read_one(request.body));
    CHO_CO_TRY_DO(co_await check_general(context, principal, one.book));
    ledger::Command command(one.book);
    auto const id = one.line.transfer.id;
    command.transfers.push_back(std::move(one.line.transfer));
    auto const receipt = co_await context.ledger.submit(std::move(command));
    if (!receipt) {
        auto error = receipt.error();
        auto place = place_of(error.pointer);
        error.pointer = place ? std::move(place->member) : std::string();
        co_return fail(std::move(error));
    }
    std::string out;
    out.reserve(192);
    out += '{';
    put_id(out, id);
    put_posted(out, {receipt->last_seq, receipt->last_amount});
    out += R"(,"recorded_at":")";
    out += to_rfc3339_micro(receipt->recorded_at);
    out += receipt->replayed ? R"(","replayed":true})" : R"(","replayed":false})";
    co_return Response::json_text(std::move(out), receipt->replayed ? 200 : 201);
}

// Lines that are posted together or not at all: one, or a chain of linked ones.
struct Chain {
    std::size_t first = 0;
    std::size_t length = 0;
    std::optional<std::size_t> command;  // none: something was wrong before the ledger was asked
};

std::vector<Chain> chains_of(std::vector<TransferLine>& lines)
{
    std::vector<Chain> chains;
    chains.reserve(lines.size());
    for (std::size_t i = 0, first = 0; i < lines.size(); ++i) {
        bool const last = i + 1 == lines.size();
        if (lines[i].linked && !last) continue;
        if (lines[i].linked) {
            lines[i].faults.push_back({"/linked",
                                       Errc::invalid_input,
                                       "the last line has nothing to be linked with",
                                       "Dòng cuối không có dòng sau để liên kết.",
                                       {}});
        }
        chains.push_back({first, i + 1 - first, std::nullopt});
        first = i + 1;
    }
    return chains;
}

std::vector<ledger::Command> commands_of(ledger::BookId book, std::vector<TransferLine> const& lines, std::vector<Chain>& chains)
{
    std::vector<ledger::Command> commands;
    commands.reserve(chains.size());
    for (auto& chain : chains) {
        std::span const part(lines.data() + chain.first, chain.length);
        if (!std::ranges::all_of(part, [](auto const& line) { return line.faults.empty(); })) continue;
        chain.command = commands.size();
        auto& command = commands.emplace_back(book);
        command.transfers.reserve(part.size());
        for (auto const& line : part) command.transfers.push_back(line.transfer);
    }
    return commands;
}

// Writes the results of a bulk request, line after line.
class Results {
public:
    Results(std::size_t lines, http::Language language) : vietnamese_(language == http::Language::vi)
    {
        out_.reserve(16 + 128 * lines);
        out_ = R"({"results":[)";
    }

    void posted(Id<ledger::Transfer> const& id, bool replayed, ledger::Receipt::Line const& line)
    {
        begin(id);
        out_ += replayed ? R"(,"status":"replayed")" : R"(,"status":"posted")";
        put_posted(out_, line);
        out_ += '}';
    }

    void refused(Id<ledger::Transfer> const& id, Errc code, std::string_view detail, std::string_view detail_vi, std::string const& field)
    {
        begin(id);
        auto const& problem = http::problem_of(code);
        if (vietnamese_) detail = detail_vi.empty() ? problem.title_vi : detail_vi;
        out_ += R"(,"status":"refused","code":")";
        out_ += errc_name(code);
        out_ += R"(","detail":)";
        out_ += http::dump_json(detail);
        out_ += R"(,"field":)";
        out_ += http::dump_json(field);
        out_ += '}';
    }

    [[nodiscard]] std::string finish() &&
    {
        out_ += "]}";
        return std::move(out_);
    }

private:
    void begin(Id<ledger::Transfer> const& id)
    {
        out_ += out_.back() == '[' ? "{" : ",{";
        put_id(out_, id);
    }

    std::string out_;
    bool vietnamese_;
};

std::string pointer_to(std::size_t line, std::string_view member = {}) { return ("/transfers/" + std::to_string(line)).append(member); }

void write_neighbour_refused(Results& results, TransferLine const& line, std::size_t index)
{
    results.refused(line.transfer.id, Errc::linked_failed, "another line of its chain was refused", "Một dòng liên kết bị từ chối.",
                    pointer_to(index));
}

void write_unasked(Results& results, std::vector<TransferLine> const& lines, Chain const& chain)
{
    for (auto i = chain.first; i < chain.first + chain.length; ++i) {
        if (lines[i].faults.empty()) {
            write_neighbour_refused(results, lines[i], i);
        } else {
            auto const& fault = lines[i].faults.front();
            results.refused(lines[i].transfer.id, fault.code, fault.detail, fault.detail_vi, pointer_to(i, fault.pointer));
        }
    }
}

void write_outcome(Results& results, std::vector<TransferLine> const& lines, Chain const& chain, Result<ledger::Receipt> const& outcome)
{
    auto const place = outcome ? std::nullopt : place_of(outcome.error().pointer);
    for (std::size_t k = 0; k < chain.length; ++k) {
        auto const index = chain.first + k;
        auto const& id = lines[index].transfer.id;
        if (outcome) {
            auto const& receipt = *outcome;
            results.posted(id, receipt.replayed,
                           chain.length == 1 ? ledger::Receipt::Line{receipt.last_seq, receipt.last_amount} : receipt.chain.at(k));
        } else if (place && place->index != k) {
            write_neighbour_refused(results, lines[index], index);
        } else {
            // Without a place it is the chain as a whole, for example a limit it would end beyond.
            auto const& error = outcome.error();
            results.refused(id, error.code, error.detail, error.detail_vi, pointer_to(index, place ? place->member : ""));
        }
    }
}

Answering post_bulk(PostingContext& context, Request request)
{
    CHO_CO_TRY(auto const principal, co_await admit_writer(context, request));
    CHO_CO_TRY_DO(http::check_json_type(request));
    CHO_CO_TRY(auto bulk, context.reader.read_bulk(request.body));
    CHO_CO_TRY_DO(co_await check_general(context, principal, bulk.book));
    auto chains = chains_of(bulk.lines);
    auto const outcomes = co_await context.ledger.submit_all(commands_of(bulk.book, bulk.lines, chains));
    for (auto const& outcome : outcomes) {
        if (!outcome && try_again(outcome.error())) {
            auto error = outcome.error();
            error.pointer.clear();
            co_return fail(std::move(error));
        }
    }
    Results results(bulk.lines.size(), request.language);
    for (auto const& chain : chains) {
        if (chain.command) write_outcome(results, bulk.lines, chain, outcomes[*chain.command]);
        else write_unasked(results, bulk.lines, chain);
    }
    co_return Response::json_text(std::move(results).finish());
}

}  // namespace

void add_ledger_transfer_routes(http::Router& router, PostingContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    http::RouteOptions one;
    one.body_bytes_max = 16 * 1024;
    one.quiet = true;  // a transfer is its own record in the journal; refusals are logged
    router.add(post, "/v1/ledger/transfers", "ledger_transfers.create", with(post_one), one);
    http::RouteOptions bulk;
    bulk.body_bytes_max = bulk_bytes_max;
    router.add(post, "/v1/ledger/transfers/bulk", "ledger_transfers.bulk", with(post_bulk), bulk);
}

}  // namespace cho40::api
