#include "adapters/documents/statement_paper.h"
#include "adapters/stores/book_owners.h"
#include "adapters/stores/ledger_reads.h"
#include "apps/cli/database.h"
#include "apps/cli/io.h"
#include "base/csv.h"
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <pwd.h>
#include <unistd.h>

namespace cho40::cli {
namespace {

using boost::asio::awaitable;
using ledger::JournalRow;
using nlohmann::json;

constexpr std::size_t piece = 1000;
// PDF, JSON and text are made in one piece; CSV has no end.
constexpr std::size_t lines_max = 100'000;

struct ReportOptions {
    std::string database, format, from, to, by = "recorded", out;
    std::int64_t book = 0, account = 0, after = 0;
};

std::string user_name()
{
    auto const* user = getpwuid(getuid());
    return user ? user->pw_name : std::to_string(getuid());
}

// An instant, or a day: its first moment in Vietnam.
Instant read_time(std::string const& text, std::string const& option)
{
    if (auto const day = Day::parse(text)) return day->begin();
    if (auto const instant = parse_rfc3339(text)) return *instant;
    throw Stop{Exit::usage, option + ": a day (2026-11-22) or an instant (2026-11-22T03:15:30Z)"};
}

// Where a report goes: a file that is whole or not there, or standard output.
class Output {
public:
    explicit Output(std::string path) : path_(std::move(path))
    {
        if (to_file()) {
            file_.open(path_ + ".part", std::ios::binary | std::ios::trunc);
            if (!file_) throw Stop{Exit::usage, path_ + ": cannot be written"};
        }
    }
    ~Output()
    {
        if (to_file() && !whole_) std::remove((path_ + ".part").c_str());
    }
    Output(Output const&) = delete;
    Output& operator=(Output const&) = delete;

    void write(std::string_view bytes) { (to_file() ? static_cast<std::ostream&>(file_) : std::cout) << bytes; }
    void finish()
    {
        bool good = !(to_file() ? static_cast<std::ostream&>(file_) : std::cout).flush().fail();
        if (to_file()) {
            file_.close();
            good = good && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0;
        }
        if (!good) throw Stop{Exit::usage, (to_file() ? path_ : "standard output") + ": cannot be written"};
        whole_ = true;
    }

private:
    [[nodiscard]] bool to_file() const { return !path_.empty() && path_ != "-"; }

    std::string path_;
    std::ofstream file_;
    bool whole_ = false;
};

// On standard error, when that is a terminal, from the second second on.
class Progress {
public:
    explicit Progress(std::int64_t total) : total_(std::max<std::int64_t>(1, total)) {}
    ~Progress()
    {
        if (shown_) std::cerr << "\r\033[K";
    }
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    void at(std::int64_t done)
    {
        auto const now = std::chrono::steady_clock::now();
        if (now - began_ < std::chrono::seconds(2) || now - drawn_ < std::chrono::milliseconds(200) || isatty(STDERR_FILENO) == 0) return;
        constexpr std::int64_t width = 40;
        auto const filled = std::min(width, done * width / total_);
        std::cerr << fmt::format("\r[{:-<{}}] {} of {}", std::string(static_cast<std::size_t>(filled), '#'), width, done, total_);
        drawn_ = now;
        shown_ = true;
    }

private:
    std::int64_t total_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now(), drawn_{};
    bool shown_ = false;
};

awaitable<Result<Done>> stream_csv(ledger::LedgerReader& reader, ledger::StatementQuery query, Output& output)
{
    CHO_CO_TRY(auto const stream, co_await reader.statement(query));
    ledger::StatementTotals totals(stream->opening());
    output.write(documents::statement_csv_head(query, totals.opening()));
    for (;;) {
        CHO_CO_TRY(auto const lines, co_await stream->next(piece));
        if (lines.empty()) break;
        for (auto const& line : lines) {
            CHO_CO_TRY_DO(totals.add(line));
            output.write(documents::statement_csv_line(line));
        }
    }
    output.write(documents::statement_csv_foot(query, totals));
    co_return Done{};
}

awaitable<Result<ledger::Statement>> whole_statement(ledger::LedgerReader& reader, ledger::StatementQuery query)
{
    CHO_CO_TRY(auto const stream, co_await reader.statement(query));
    co_return co_await ledger::read_statement(query, *stream, lines_max);
}

void write_statement(ReportOptions const& o)
{
    ledger::StatementQuery query;
    query.book = ledger::BookId{o.book};
    query.account = ledger::AccountNumber{o.account};
    query.from = read_time(o.from, "--from");
    query.to = read_time(o.to, "--to");
    query.by = o.by == "event" ? ledger::TimeAxis::event : ledger::TimeAxis::recorded;
    if (query.to < query.from) throw Stop{Exit::usage, "--to lies before --from"};
    if (o.format == "pdf" && o.out.empty() && isatty(STDOUT_FILENO) != 0) throw Stop{Exit::usage, "a PDF needs --out FILE"};

    Database database(o.database);
    stores::LedgerReads reader(database.pool());
    stores::BookOwners books(database.pool());
    auto const book = database.get(books.find(query.book));
    Output output(o.out);
    if (o.format == "csv") {
        database.get(stream_csv(reader, query, output));
    } else {
        auto const statement = database.get(whole_statement(reader, query));
        documents::StatementPaper const paper{book.name, user_name(), SystemClock().now()};
        if (o.format == "json")
            output.write(documents::statement_json(statement).dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
        else if (o.format == "pdf") output.write(value_or_stop(documents::statement_pdf(statement, paper), "statement"));
        else output.write(documents::statement_text(statement, paper));
    }
    output.finish();
}

std::string_view kind_name(ledger::TransferKind kind)
{
    switch (kind) {
    case ledger::TransferKind::posted: return "posted";
    case ledger::TransferKind::pending: return "pending";
    case ledger::TransferKind::post: return "post";
    case ledger::TransferKind::undo: return "void";
    case ledger::TransferKind::expire: return "expire";
    }
    return "";
}

std::string transfer_text(Id<ledger::Transfer> const& id) { return id.is_nil() ? "" : "trf_" + id.uuid.to_base32(); }

constexpr char csv_head[] = "\xEF\xBB\xBFseq,transfer,kind,flags,debit,credit,amount,debit_balance,credit_balance,code,reference,event_at,"
                            "recorded_at,pending,expires_at\r\n";

std::string csv_row(JournalRow const& row)
{
    auto const& t = row.transfer;
    return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", row.seq, transfer_text(t.id), kind_name(t.kind), t.flags.bits(),
                       t.debit.value, t.credit.value, t.amount.count(), row.debit_balance.count(), row.credit_balance.count(),
                       static_cast<int>(t.code), csv_cell(t.reference), to_rfc3339_micro(t.event_at), to_rfc3339_micro(row.recorded_at),
                       transfer_text(t.pending), row.expires_at ? to_rfc3339_micro(*row.expires_at) : "");
}

std::string json_row(JournalRow const& row)
{
    auto const& t = row.transfer;
    json out = {{"seq", row.seq},
                {"transfer", transfer_text(t.id)},
                {"kind", kind_name(t.kind)},
                {"flags", t.flags.bits()},
                {"debit", t.debit.value},
                {"credit", t.credit.value},
                {"amount", t.amount.count()},
                {"debit_balance", row.debit_balance.count()},
                {"credit_balance", row.credit_balance.count()},
                {"code", static_cast<int>(t.code)},
                {"reference", t.reference},
                {"event_at", to_rfc3339_micro(t.event_at)},
                {"recorded_at", to_rfc3339_micro(row.recorded_at)}};
    if (!t.pending.is_nil()) out["pending"] = transfer_text(t.pending);
    if (row.expires_at) out["expires_at"] = to_rfc3339_micro(*row.expires_at);
    return out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

// Up to the row that is the newest when it begins.
awaitable<Result<Done>> stream_journal(ledger::LedgerReader& reader, ReportOptions const& o, Output& output)
{
    ledger::BookId const book{o.book};
    CHO_CO_TRY(auto const newest, co_await reader.head(book));
    Progress progress(newest - o.after);
    bool const csv = o.format == "csv";
    if (csv) output.write(csv_head);
    for (auto after = o.after; after < newest;) {
        CHO_CO_TRY(auto const rows, co_await reader.feed(book, after, std::min(piece, static_cast<std::size_t>(newest - after))));
        if (rows.empty()) co_return fail(Errc::books_broken, fmt::format("row {} is missing; run `cho40 ledger verify`", after + 1));
        for (auto const& row : rows) output.write(csv ? csv_row(row) : json_row(row));
        after = rows.back().seq;
        progress.at(after - o.after);
    }
    co_return Done{};
}

void export_journal(ReportOptions const& o)
{
    Database database(o.database);
    stores::LedgerReads reader(database.pool());
    Output output(o.out);
    database.get(stream_journal(reader, o, output));
    output.finish();
}

}  // namespace

void add_ledger_reports_commands(CLI::App& app)
{
    auto options = std::make_shared<ReportOptions>();
    auto& o = *options;
    auto& ledger = *app.get_subcommand("ledger");

    auto* statement = ledger.add_subcommand("statement", "An account's statement with opening, running and closing balance.\n"
                                                         "Example: cho40 ledger statement 1001 18 --from 2026-11-01 --to 2026-12-01 "
                                                         "--format pdf --out statement.pdf");
    add_database_option(*statement, o.database);
    statement->add_option("book", o.book, "number of the book")->required();
    statement->add_option("account", o.account, "number of the account in it")->required();
    statement->add_option("--from", o.from, "first moment: a day in Vietnam or an instant")->required();
    statement->add_option("--to", o.to, "first moment after it")->required();
    statement->add_option("--by", o.by, "recorded: when the ledger took it in; event: when it happened")
        ->check(CLI::IsMember({"recorded", "event"}))
        ->capture_default_str();
    auto* format = statement->add_option("--format", o.format, "text (default), json, csv or pdf");
    format->check(CLI::IsMember({"text", "json", "csv", "pdf"}));
    statement->add_option("--out", o.out, "file to write; default: standard output");
    statement->callback([options] {
        if (options->format.empty()) options->format = "text";
        write_statement(*options);
    });

    auto* exporting = ledger.add_subcommand("export", "The whole journal of a book, in order, without a gap.\n"
                                                      "Example: cho40 ledger export 1001 --after 250000 --format csv > journal.csv");
    add_database_option(*exporting, o.database);
    exporting->add_option("book", o.book, "number of the book")->required();
    exporting->add_option("--after", o.after, "go on after this row")->check(CLI::NonNegativeNumber)->capture_default_str();
    exporting->add_option("--format", o.format, "json (default; one object a line) or csv")->check(CLI::IsMember({"json", "csv"}));
    exporting->add_option("--out", o.out, "file to write; default: standard output");
    exporting->callback([options] {
        if (options->format.empty()) options->format = "json";
        export_journal(*options);
    });
}

}  // namespace cho40::cli
