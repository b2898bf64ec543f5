#include "fees/pay_nationally.h"

namespace cho40::fees {
namespace {

using boost::asio::awaitable;

constexpr int attempts_max = 8;
constexpr int references_max = 60;  // tried for one attempt
// For one call of the platform and what is written of it. Whoever takes longer loses the turn and nothing else.
constexpr std::chrono::seconds turn_max{60};
constexpr std::chrono::seconds books_tried_again{30};

NationalResult paid_again(NationalPayment const& payment)
{
    NationalResult result;
    result.kind = NationalResult::Kind::paid;
    result.transaction = payment.transaction;
    result.bank = payment.bank;
    return result;
}

}  // namespace

awaitable<Result<NationalPayment>> PayNationally::start(Id<FeeNotice> id, std::string key, ledger::Extra<NationalPayment> extra)
{
    CHO_CO_TRY(auto found, co_await notices_.find_notice(id));
    if (!found) co_return fail(Errc::not_found, "no such notice");
    auto const& stored = found->stored;
    CHO_CO_TRY(auto const rail_account, co_await payments_.platform_of(stored.book, stored.agency));
    if (!rail_account) {
        co_return fail(Error(Errc::invalid_state, "the agency does not take money over the national payment platform")
                           .vi("Cơ quan thu chưa nhận tiền qua Cổng thanh toán quốc gia."));
    }
    auto const attempt = national_payment_id(id, key);
    CHO_CO_TRY(auto known, co_await payments_.find_national(attempt));
    bool const is_answered_beside = static_cast<bool>(extra.rows);  // a repeat is answered by whoever kept the answer
    if (known && !is_answered_beside) co_return *std::move(known);
    if (!stored.life.received.is_zero()) {
        co_return fail(Error(Errc::invalid_state, "part of the dues has come; the rest is paid by the code")
                           .vi("Đã nhận một phần tiền: phần còn lại trả bằng mã QR."));
    }
    CHO_CO_TRY(auto const open_ones, co_await payments_.open_attempts(stored.book, id));
    if (open_ones >= open_max) {
        co_return fail(Error(Errc::rate_limited, "many attempts of this notice wait for the platform's word; pay by the code")
                           .vi("Thông báo này đang có nhiều lần trả chờ Cổng xác nhận: hãy trả bằng mã QR."));
    }
    CHO_CO_TRY(auto const request, co_await start_paying_(id, std::string()));
    if (request.request.remaining() != stored.notice.total)
        co_return fail(Errc::invalid_state, "part of the dues has come; the rest is paid by the code");

    auto const now = clock_.now();
    NationalPayment payment;
    payment.id = attempt;
    payment.book = stored.book;
    payment.agency = stored.agency;
    payment.notice = id;
    payment.request = request.request.id;
    payment.order_code = request.request.code.text();
    payment.rail_account = *rail_account;
    payment.amount = stored.notice.total;
    payment.created_at = payment.since = now;
    // Two attempts of one second would have one reference: the later one is named a second later.
    for (int second = 0;; ++second) {
        payment.reference = national_reference(stored.notice.dossier_code, now + std::chrono::seconds(second));
        payment.sent_time.clear();
        for (char const c : to_local_time(now)) {
            if (c >= '0' && c <= '9') payment.sent_time += c;
        }
        ledger::Command command(payment.book);
        command.guards.push_back(ledger::Guard{payment.id.uuid, 0, payment.version});
        command.guards.push_back(
            ledger::Guard{make_derived_uuid({"national_reference", rail_account->uuid.to_string(), payment.reference}), 0, 1});
        command.rows.push_back(std::make_shared<NewNationalPayment>(payment, next_look(payment, now)));
        extra.add_to(command, payment);
        auto const made = co_await ledger_.submit(std::move(command));
        if (made) co_return payment;
        if (made.error().code != Errc::stale || second == references_max) co_return fail(made.error());
        CHO_CO_TRY(auto twin, co_await payments_.find_national(attempt));
        if (twin && is_answered_beside) co_return fail(made.error());
        if (twin) co_return *std::move(twin);
    }
}

awaitable<Result<NationalPayment>> PayNationally::open(Id<NationalPayment> id)
{
    CHO_CO_TRY(auto found, co_await payments_.find_national(id));
    if (!found) co_return fail(Errc::not_found, "no such attempt");
    auto calling = begin_call(*found, clock_.now());
    if (!calling) co_return *std::move(found);
    // Whoever writes this makes the call; if it ends before it knows how that went, the attempt is asked about and not called again.
    auto begun = co_await write(*std::move(found), *std::move(calling), "", nullptr);
    if (!begun && begun.error().code == Errc::stale) {
        CHO_CO_TRY(auto now_standing, co_await payments_.find_national(id));
        if (now_standing) co_return *std::move(now_standing);
    }
    if (!begun) co_return begun;
    CHO_CO_TRY(auto notice, co_await notices_.find_notice(begun->notice));
    if (!notice) co_return fail(Errc::internal_error, "an attempt names a notice that does not exist");
    auto const answer = co_await platform_.open(*begun, std::move(notice->stored), std::move(notice->agency));
    reports_.asked(*begun, "open", answer.kind == NationalOpening::Kind::opened ? "opened" : answer.reason);
    if (answer.kind == NationalOpening::Kind::no_answer) co_return begun;
    for (int round = 1;; ++round) {
        CHO_CO_TRY(auto before, co_await payments_.find_national(id));
        if (!before) co_return fail(Errc::not_found, "no such attempt");
        bool const is_opened = answer.kind == NationalOpening::Kind::opened;
        auto after = is_opened ? opened(*before, answer.pay_url, clock_.now()) : refused(*before, answer.reason, clock_.now());
        if (!after) co_return *std::move(before);  // the platform told of its end before it answered
        auto written = co_await write(*std::move(before), *std::move(after), is_opened ? "payment.sent_on" : "payment.attempt_failed",
                                      nullptr);
        if (written || written.error().code != Errc::stale || round == attempts_max) co_return written;
    }
}

awaitable<Result<NationalPayment>> PayNationally::hear(Id<NationalPayment> id, NationalResult result, std::string bytes)
{
    CHO_CO_TRY(auto payment, co_await judge(id, result));
    if (result.kind != NationalResult::Kind::paid) co_return payment;
    if (is_second_money(payment, result)) {
        reports_.second_money(payment);
        CHO_CO_TRY_DO(co_await take_money(payment, std::move(result), std::move(bytes)));
        co_return payment;
    }
    co_return co_await book(std::move(payment), std::move(bytes));
}

// The state first: should the service end before the money is with the books, whoever looks next finds a success that is not booked.
awaitable<Result<NationalPayment>> PayNationally::judge(Id<NationalPayment> id, NationalResult result)
{
    for (int round = 1;; ++round) {
        CHO_CO_TRY(auto before, co_await payments_.find_national(id));
        if (!before) co_return fail(Errc::not_found, "no such attempt");
        auto after = judged(*before, result, clock_.now());
        if (!after) co_return *std::move(before);
        bool const has_ended = after->state != before->state;
        auto const event = after->state == NationalState::succeeded ? "payment.attempt_paid" : "payment.attempt_failed";
        auto written = co_await write(*std::move(before), *std::move(after), has_ended ? event : "", nullptr);
        if (written && has_ended) reports_.ended(*written);
        if (written || written.error().code != Errc::stale || round == attempts_max) co_return written;
    }
}

awaitable<Result<NationalPayment>> PayNationally::book(NationalPayment payment, std::string bytes)
{
    auto const id = payment.id;
    if (!payment.is_booked) CHO_CO_TRY_DO(co_await take_money(payment, paid_again(payment), std::move(bytes)));
    for (int round = 1; !payment.is_booked; ++round) {
        auto written = co_await write(payment, booked(payment), "", nullptr);
        if (written || written.error().code != Errc::stale || round == attempts_max) co_return written;
        CHO_CO_TRY(auto again, co_await payments_.find_national(id));
        if (!again) co_return fail(Errc::not_found, "no such attempt");
        payment = *std::move(again);
    }
    co_return payment;
}

awaitable<Result<Done>> PayNationally::take_money(NationalPayment payment, NationalResult result, std::string bytes)
{
    CHO_CO_TRY(auto const notice, co_await notices_.find_notice(payment.notice));
    if (!notice) co_return fail(Errc::internal_error, "an attempt names a notice that does not exist");
    auto const now = clock_.now();
    qr_pay::Notification told(payment.book, make_id<qr_pay::InboxTag>(now, random_), payment.rail_account,
                              national_credit(payment, result, notice->agency.facts, now));
    told.headers = "{}";
    told.body = std::move(bytes);
    told.received_at = now;
    std::vector<qr_pay::Notification> all;
    all.push_back(std::move(told));
    CHO_CO_TRY_DO(co_await intake_.take(std::move(all), true));
    co_return Done{};
}

awaitable<Result<bool>> PayNationally::turn()
{
    auto const now = clock_.now();
    CHO_CO_TRY(auto taken, co_await payments_.take_turn(now, now + turn_max));
    if (!taken) co_return false;
    CHO_CO_TRY_DO(co_await look(*std::move(taken)));
    co_return true;
}

awaitable<Result<Done>> PayNationally::look(NationalPayments::Turn turn)
{
    auto const payment = turn.payment;
    auto const now = clock_.now();
    if (payment.state == NationalState::succeeded && !payment.is_booked) {
        auto const done = co_await book(payment, std::string());
        if (done) co_return Done{};
        auto const code = std::string(errc_name(done.error().code));
        co_return co_await payments_.end_turn(std::move(turn), now + books_tried_again, code);
    }
    if (payment.state == NationalState::succeeded) co_return co_await fetch_bill(std::move(turn));
    if (!is_open(payment.state)) co_return co_await payments_.end_turn(std::move(turn), std::nullopt, "");
    if (!payment.called_at) {
        // Whoever made it ended before the call: the platform never heard of it.
        auto const written = co_await write(payment, *refused(payment, "never_sent", now), "payment.attempt_failed", nullptr);
        if (!written && written.error().code != Errc::stale) co_return fail(written.error());
        co_return Done{};
    }
    auto result = co_await platform_.ask(payment);
    reports_.asked(payment, "query", result.code);
    if (result.kind == NationalResult::Kind::paid || result.kind == NationalResult::Kind::failed) {
        CHO_CO_TRY_DO(co_await hear(payment.id, std::move(result), std::string()));
        co_return Done{};
    }
    auto const next = next_question(*payment.called_at, clock_.now());
    if (next) co_return co_await payments_.end_turn(std::move(turn), next, result.code);
    auto written = co_await write(payment, *given_up(payment, clock_.now()), "payment.attempt_expired", nullptr);
    if (written) reports_.ended(*written);
    else if (written.error().code != Errc::stale) co_return fail(written.error());
    co_return Done{};  // stale: its end was told meanwhile
}

awaitable<Result<Done>> PayNationally::fetch_bill(NationalPayments::Turn turn)
{
    auto const payment = turn.payment;
    auto answer = co_await platform_.bill(payment);
    reports_.asked(payment, "bill", answer.bytes.empty() ? answer.reason : "fetched");
    if (answer.bytes.empty()) {
        auto const next = next_question(payment.since, clock_.now());
        co_return co_await payments_.end_turn(std::move(turn), next, answer.reason);
    }
    auto row = std::make_shared<NationalBill>(payment.book, payment.id, std::move(answer.bytes), clock_.now());
    auto const written = co_await write(payment, with_bill(payment), "", std::move(row));
    if (!written && written.error().code != Errc::stale) co_return fail(written.error());
    co_return Done{};
}

awaitable<Result<NationalPayment>> PayNationally::write(NationalPayment before, NationalPayment after, std::string event,
                                                        std::shared_ptr<ledger::AttachedRow const> more)
{
    auto const now = clock_.now();
    ledger::Command command(before.book);
    command.guards.push_back(ledger::Guard{before.id.uuid, before.version, after.version});
    command.rows.push_back(std::make_shared<ChangedNationalPayment>(after, next_look(after, now)));
    if (more) command.rows.push_back(std::move(more));
    if (!event.empty()) {
        ledger::Event told;
        told.id = make_uuid7(now, random_);
        told.stream = before.notice.uuid;
        told.type = std::move(event);
        told.resource = before.id.uuid;
        told.attributes = {{"state", std::string(national_state_name(after.state))}, {"version", after.version}};
        command.events.push_back(std::move(told));
    }
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return after;
}

}  // namespace cho40::fees
