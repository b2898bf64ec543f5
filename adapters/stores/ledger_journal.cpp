#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/batch_segment.h"
#include "adapters/stores/journal_load.h"
#include "adapters/stores/journal_rows.h"
#include "adapters/stores/row_readers.h"
#include "base/check.h"
#include "base/fault.h"
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Connection;
using postgres::DbError;
using postgres::DbResult;
using postgres::Outcome;
using postgres::Params;
using postgres::Statement;
using postgres::to_result;

constexpr char not_null_violation[] = "23502";
constexpr char lock_not_available[] = "55P03";

constexpr Statement take_lease{"ledger_take_lease",
                               "INSERT INTO ledger_lease (writer_group, epoch, holder, taken_at) VALUES ($1, 1, $2, $3) "
                               "ON CONFLICT (writer_group) DO UPDATE SET epoch = ledger_lease.epoch + 1, holder = $2, taken_at = $3 "
                               "WHERE $4::int8 IS NULL OR ledger_lease.epoch = $4 RETURNING epoch"};
constexpr Statement read_lease{"ledger_read_lease", "SELECT epoch FROM ledger_lease WHERE writer_group = $1"};
constexpr Statement end_backends{"ledger_end_backends", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                                        "WHERE application_name = $1 AND pid <> pg_backend_pid()"};
constexpr Statement find_batch{"ledger_find_batch",
                               "SELECT 1::int8 FROM ledger_batch WHERE writer_group = $1 AND epoch = $2 AND batch_no = $3"};
// The hash is there for sealed parts, whose index is over it.
constexpr Statement find_rows{"ledger_find_rows", "SELECT " CHO40_JOURNAL_COLUMNS " FROM unnest($1::uuid[]) AS u(id) "
                                                  "JOIN journal j ON j.transfer_id = u.id AND uuid_hash(j.transfer_id) = uuid_hash(u.id) "
                                                  "WHERE j.part = ANY($2::int2[])"};

// The longest a batch of the largest size may take; after that nobody knows whether it stands, and it is asked.
constexpr auto batch_deadline = std::chrono::seconds(30);
// A takeover waits so long for the commits of the writer before; then their connections are ended.
constexpr auto takeover_patience = std::chrono::seconds(3);

}  // namespace

LedgerJournal::LedgerJournal(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, JournalOptions options,
                             RowWriters const& writers, Clock const& clock, observability::Log const& log)
    : executor_(executor), info_(std::move(info)), options_(std::move(options)), writers_(writers), clock_(clock), log_(log),
      lanes_(info_, application_name(), options_.writer_group, options_.lanes)
{
}

LedgerJournal::~LedgerJournal() = default;

// What connections of the group are named, so that a takeover can end what a frozen writer left open.
std::string LedgerJournal::application_name() const { return "cho40 ledger " + options_.writer_group; }

awaitable<DbResult<std::unique_ptr<Connection>>> LedgerJournal::connect()
{
    auto opened = co_await Connection::connect(executor_, info_);
    if (!opened) {
        log_.warning("ledger.connect_failed", {{"sqlstate", opened.error().sqlstate}, {"outcome", outcome_name(opened.error().outcome)}});
        co_return opened;
    }
    Params name(application_name(), options_.writer_group);
    auto named = co_await (*opened)->execute(name_backend, std::move(name));
    if (!named) co_return tl::unexpected<DbError>(std::move(named).error());
    co_return opened;
}

// The connection small batches go over, opened when there is none.
awaitable<DbResult<Done>> LedgerJournal::open_pipeline()
{
    if (pipeline_ && pipeline_->usable()) co_return Done{};
    pipeline_.reset();
    auto opened = co_await postgres::Pipeline::connect(executor_, info_);
    if (!opened) {
        log_.warning("ledger.connect_failed", {{"sqlstate", opened.error().sqlstate}, {"outcome", outcome_name(opened.error().outcome)}});
        co_return tl::unexpected<DbError>(std::move(opened).error());
    }
    pipeline_ = std::move(*opened);
    postgres::Segment name;
    name.add(name_backend, application_name(), options_.writer_group);
    auto named = co_await pipeline_->run(std::move(name));
    if (!named) co_return tl::unexpected<DbError>(std::move(named).error());
    co_return Done{};
}

awaitable<DbResult<std::int64_t>> LedgerJournal::raise_epoch(Connection& connection)
{
    for (int attempt = 0;; ++attempt) {
        auto begun = co_await connection.run_script(
            fmt::format("BEGIN; SET LOCAL lock_timeout = '{}ms'", std::chrono::milliseconds(takeover_patience).count()));
        if (!begun) co_return tl::unexpected<DbError>(std::move(begun).error());
        Params lease(options_.writer_group, options_.holder, clock_.now(), expected_epoch_);
        auto rows = co_await connection.execute(take_lease, std::move(lease), std::chrono::seconds(30));
        if (rows) {
            auto const epoch = rows->empty() ? std::int64_t{0} : (*rows)[0].get<std::int64_t>(0);
            if (auto go = after_fault(CHO_FAULT("ledger/lease/raised"), connection); !go) co_return tl::unexpected<DbError>(go.error());
            auto committed = co_await connection.commit();
            if (!committed) co_return tl::unexpected<DbError>(std::move(committed).error());
            co_return epoch;
        }
        auto error = std::move(rows).error();
        if (connection.usable()) (void)co_await connection.rollback();
        if (error.sqlstate != lock_not_available || attempt > 0) co_return tl::unexpected<DbError>(std::move(error));
        // Whoever wrote before holds the lease in a transaction that does not end: frozen, or cut off. What it has not
        // committed by now was answered to nobody.
        log_.warning("ledger.old_writer_ended", {{"group", options_.writer_group}});
        Params name(application_name(), options_.writer_group);
        auto ended = co_await connection.execute(end_backends, std::move(name));
        if (!ended) co_return tl::unexpected<DbError>(std::move(ended).error());
    }
}

awaitable<Result<ledger::State>> LedgerJournal::take_over()
{
    auto connection = co_await connect();
    if (!connection) co_return fail(Errc::unavailable, "the database cannot be reached");
    CHO_CO_TRY(epoch_, to_result(co_await raise_epoch(**connection)));
    if (epoch_ == 0) co_return fail(Errc::writer_lost, "another instance was faster");
    batch_no_ = 0;
    CHO_CO_TRY_DO(to_result(after_fault(CHO_FAULT("ledger/lease/taken"), **connection)));
    log_.info("ledger.lease_taken", {{"group", options_.writer_group}, {"epoch", epoch_}});
    CHO_CO_TRY(auto const parts, to_result(co_await read_parts(**connection, options_.writer_group)));
    if (parts.empty() || parts.back().state != PartState::open) {
        CHO_CO_TRY_DO(to_result(co_await make_part(**connection, options_.writer_group, clock_.now())));
    } else {
        // It may have been cut off before its table was there.
        CHO_CO_TRY_DO(to_result(co_await complete_part(**connection, parts.back().number)));
    }
    CHO_CO_TRY_DO(to_result(after_fault(CHO_FAULT("ledger/load/before"), **connection)));
    // One moment for all that is read: the instance before us may be sealing a part, which is not fenced and need not be.
    CHO_CO_TRY_DO(to_result(co_await (*connection)->run_script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")));
    CHO_CO_TRY(parts_, to_result(co_await read_parts(**connection, options_.writer_group)));
    CHO_CO_TRY(auto loaded, co_await load_ledger(**connection, options_.writer_group, parts_));
    CHO_CO_TRY_DO(to_result(co_await (*connection)->commit()));
    part_ = parts_.back().number;
    part_rows_ = loaded.rows_in_open_part;
    part_since_ = parts_.back().opened_at;
    settled_rows_ = 0;
    next_part_.reset();
    co_return std::move(loaded.state);
}

std::int16_t LedgerJournal::part_for(std::size_t rows)
{
    bool const full = part_rows_ >= options_.part_rows || (part_rows_ > 0 && clock_.now() - part_since_ > options_.part_age);
    if (full && next_part_) {
        part_ = *next_part_;
        part_rows_ = 0;
        settled_rows_ = 0;
        part_since_ = clock_.now();
        next_part_.reset();
    }
    part_rows_ += static_cast<std::int64_t>(rows);
    return part_;
}

bool LedgerJournal::wants_settling() const
{
    auto const gained = part_rows_ - settled_rows_;
    return gained >= options_.settle_rows || (gained > 0 && clock_.now() - settled_at_ >= options_.settle_age);
}

awaitable<std::vector<SealedUpTo>> LedgerJournal::keep_parts()
{
    std::vector<SealedUpTo> sealed;
    bool const half_full = part_rows_ * 2 >= options_.part_rows || clock_.now() - part_since_ > options_.part_age;
    bool const some_full = std::ranges::any_of(
        parts_, [&](JournalPart const& p) { return p.state != PartState::sealed && p.number < part_ && writing_[p.number] == 0; });
    if (!(half_full && !next_part_) && !some_full && !wants_settling()) co_return sealed;
    auto connection = co_await Connection::connect(executor_, info_);
    if (!connection) co_return sealed;
    auto const report = [&](char const* what, std::int16_t part, DbError const& error) {
        log_.warning("ledger.part_not_kept", {{"what", what}, {"part", part}, {"sqlstate", error.sqlstate}, {"error", error.message}});
    };
    if (half_full && !next_part_) {
        auto const made = co_await make_part(**connection, options_.writer_group, clock_.now());
        if (made) {
            parts_.push_back(*made);
            next_part_ = made->number;
        } else {
            report("make", part_, made.error());
        }
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        auto const number = parts_[i].number;
        if (parts_[i].state == PartState::sealed || number >= part_ || writing_[number] > 0) continue;
        if (parts_[i].state == PartState::open) {
            auto const now = clock_.now();
            auto const marked = co_await mark_full(**connection, number, options_.writer_group, epoch_, now);
            if (!marked) {
                report("mark", number, marked.error());
                break;
            }
            if (!*marked) break;  // another writer's now
            parts_[i].state = PartState::full;
            parts_[i].full_at = now;
        }
        auto ends = co_await seal_part(**connection, number, clock_.now());
        if (!ends) {
            report("seal", number, ends.error());
            break;
        }
        parts_[i].state = PartState::sealed;
        log_.info("ledger.part_sealed", {{"part", number}});
        sealed.insert(sealed.end(), ends->begin(), ends->end());
    }
    if (wants_settling()) {
        auto const part = part_;
        auto const rows = writing_[part] == 0 ? part_rows_ : part_rows_ - 1;  // what is on its way now is wanted next time
        auto const settled = co_await settle_part(**connection, part);
        if (!settled) report("settle", part, settled.error());
        else if (part == part_) settled_rows_ = rows;
        settled_at_ = clock_.now();
    }
    co_return sealed;
}

awaitable<Result<std::vector<ledger::JournalRow>>> LedgerJournal::find(std::vector<Uuid> ids)
{
    // An id is not older than the part its row lies in, but for clocks that are ahead.
    auto oldest = Instant::max();
    for (auto const& id : ids) {
        auto const ms = ledger::uuid7_milliseconds(id);
        oldest = std::min(oldest, ms ? Instant(std::chrono::milliseconds(*ms)) : Instant::min());
    }
    std::vector<std::int16_t> parts;
    for (auto const& part : parts_) {
        bool const before_all = part.full_at && *part.full_at + ledger::RecentTransfers::clock_skew_max < oldest;
        if (!before_all) parts.push_back(part.number);
    }
    Params params(ids, parts);
    if (auto opened = co_await open_pipeline(); !opened)
        co_return to_result(DbResult<std::vector<ledger::JournalRow>>(tl::unexpected<DbError>(opened.error())));
    postgres::Segment question;
    question.add_step(find_rows, std::move(params));
    question.within(batch_deadline);
    CHO_CO_TRY(auto replies, to_result(co_await pipeline_->run(std::move(question))));
    co_return read_all(replies[0], read_journal_row);
}

awaitable<ledger::Journal::Append> LedgerJournal::append(std::shared_ptr<ledger::Batch const> batch, Turn turn)
{
    auto const batch_no = ++batch_no_;
    auto const part = part_for(batch->journal.size());
    ++writing_[part];
    auto pause = std::chrono::milliseconds(100);
    std::string error;
    Append result;
    // Once an answer was lost, the batch may stand: nothing but the database's word ends that, however long it cannot be
    // asked. A refusal that comes after such a moment can be by the batch's own rows.
    bool was_in_doubt = false;
    for (;;) {
        auto const outcome = co_await try_once(batch, batch_no, part, turn, error);
        if (outcome == Try::committed) break;
        if (outcome == Try::abandoned && !was_in_doubt) {
            result = {Written::abandoned, {}};
            break;
        }
        if (outcome == Try::refused && !was_in_doubt) {
            result = {Written::refused, error};
            break;
        }
        if (was_in_doubt || outcome == Try::unknown) {
            was_in_doubt = true;
            // Whatever was lost has ended when the batch's own row refused its second try; before that only "it stands" counts.
            auto const known = co_await stands(batch_no);
            if (known && *known) break;
            if (known && (outcome == Try::refused || outcome == Try::lease_lost)) {
                result = {outcome == Try::refused ? Written::refused : Written::lease_lost, error};
                break;
            }
        } else if (outcome == Try::lease_lost) {
            result = {Written::lease_lost, {}};
            break;
        }
        if (giving_up_) {
            result = {Written::lease_lost, {}};
            break;
        }
        log_.warning("ledger.append_retried", {{"batch", batch_no}, {"in_doubt", was_in_doubt}, {"error", error}});
        boost::asio::steady_timer timer(executor_, pause);
        co_await timer.async_wait(boost::asio::use_awaitable);
        pause = std::min(pause * 2, std::chrono::milliseconds(2000));
    }
    --writing_[part];
    co_return result;
}

awaitable<std::optional<bool>> LedgerJournal::stands(std::int64_t batch_no)
{
    if (auto opened = co_await open_pipeline(); !opened) co_return std::nullopt;
    postgres::Segment question;
    question.add(find_batch, options_.writer_group, epoch_, batch_no);
    auto const replies = co_await pipeline_->run(std::move(question));
    if (!replies) co_return std::nullopt;
    co_return !(*replies)[0].empty();
}

// Whether the lease is still of our epoch; nothing: could not ask.
awaitable<std::optional<bool>> LedgerJournal::holds_lease()
{
    if (auto opened = co_await open_pipeline(); !opened) co_return std::nullopt;
    postgres::Segment question;
    question.add(read_lease, options_.writer_group);
    auto const replies = co_await pipeline_->run(std::move(question));
    if (!replies) co_return std::nullopt;
    auto const row = (*replies)[0].first();
    co_return row && row->get<std::int64_t>(0) == epoch_;
}

awaitable<LedgerJournal::Try> LedgerJournal::meaning_of(DbError refusal, std::string& error)
{
    error = refusal.sqlstate + " " + refusal.message;
    if (refusal.sqlstate == not_null_violation) {
        auto const ours = co_await holds_lease();
        if (!ours) co_return Try::nothing_happened;
        if (!*ours) {
            log_.error("ledger.lease_lost", {{"group", options_.writer_group}, {"epoch", epoch_}});
            co_return Try::lease_lost;
        }
        co_return Try::refused;
    }
    // 08P01 on a healthy connection: our own statement and its parameters do not fit. They will not fit the next time
    // either, and one such command must not stop everybody else's.
    bool const malformed = refusal.sqlstate == "08P01" && !refusal.connection_lost;
    if (malformed || refusal.outcome == Outcome::refused) co_return Try::refused;
    co_return refusal.outcome == Outcome::unknown ? Try::unknown : Try::nothing_happened;
}

awaitable<LedgerJournal::Try> LedgerJournal::try_once(std::shared_ptr<ledger::Batch const> batch, std::int64_t batch_no, std::int16_t part,
                                                      Turn const& turn, std::string& error)
{
    if (batch->journal.size() < options_.copy_from) co_return co_await try_segment(std::move(batch), batch_no, part, turn, error);
    co_return co_await try_copy(std::move(batch), batch_no, part, turn, error);
}

awaitable<LedgerJournal::Try> LedgerJournal::try_segment(std::shared_ptr<ledger::Batch const> batch, std::int64_t batch_no,
                                                         std::int16_t part, Turn const& turn, std::string& error)
{
    auto segment = batch_segment(BatchKey{options_.writer_group, epoch_, batch_no}, *batch, part, writers_);
    segment.within(batch_deadline);
    bool const mine = co_await turn();
    if (!mine) co_return Try::abandoned;
    if (auto opened = co_await open_pipeline(); !opened) {
        error = opened.error().sqlstate + " " + opened.error().message;
        co_return Try::nothing_happened;
    }
    switch (CHO_FAULT("ledger/segment/before")) {
    case fault::Effect::none: break;
    case fault::Effect::lose: pipeline_->close(); break;
    case fault::Effect::refuse: error = "refused by a test"; co_return Try::refused;
    }
    auto written = co_await pipeline_->run(std::move(segment));
    if (CHO_FAULT("ledger/segment/after") == fault::Effect::lose) co_return Try::unknown;
    if (written) co_return Try::committed;
    co_return co_await meaning_of(std::move(written).error(), error);
}

awaitable<LedgerJournal::Try> LedgerJournal::try_copy(std::shared_ptr<ledger::Batch const> batch, std::int64_t batch_no, std::int16_t part,
                                                      Turn const& turn, std::string& error)
{
    auto const place = lanes_.take_place();
    CopyTransaction transaction;
    transaction.opening = batch_opening(BatchKey{options_.writer_group, epoch_, batch_no}, *batch);
    transaction.copy_command = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", part_table(part), journal_copy_list);
    transaction.rows = co_await batch_copy_rows_by_turns(batch, part);
    transaction.rest = batch_rest(*batch, writers_);
    auto written = co_await lanes_.write(place, std::move(transaction), turn, batch_deadline);
    if (written) co_return *written ? Try::committed : Try::abandoned;
    co_return co_await meaning_of(std::move(written).error(), error);
}

}  // namespace cho40::stores
