#include "fees/pay_notice.h"
#include "fees/receipt_room.h"

namespace cho40::fees {
namespace {

constexpr int attempts_max = 5;

bool is_key(std::string_view key)
{
    return key.size() >= 8 && key.size() <= 64 &&
           key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == key.npos;
}

}  // namespace

boost::asio::awaitable<Result<qr_pay::StoredRequest>> StartPaying::operator()(Id<FeeNotice> notice, std::string key)
{
    if (!is_key(key)) key.clear();
    for (int attempt_no = 1;; ++attempt_no) {
        auto made = co_await attempt(notice, key);
        if (made || made.error().code != Errc::stale || attempt_no == attempts_max) co_return made;
    }
}

boost::asio::awaitable<Result<qr_pay::StoredRequest>> StartPaying::attempt(Id<FeeNotice> id, std::string key)
{
    CHO_CO_TRY(auto found, co_await notices_.find_notice(id));
    if (!found) co_return fail(Errc::not_found, "no such notice");
    auto const& stored = found->stored;
    auto const now = clock_.now();
    if (!key.empty()) {
        CHO_CO_TRY(auto same, co_await requests_.request_with_key(stored.book, id, key));
        if (same) co_return *std::move(same);
    }
    if (stored.payment) {
        CHO_CO_TRY(auto newest, co_await requests_.find_request(*stored.payment));
        if (newest && qr_pay::is_open(newest->request.state) &&
            (now < newest->request.expires_at || newest->request.state == qr_pay::PaymentState::underpaid)) {
            co_return *std::move(newest);
        }
    }
    NoticeLife life(stored.notice.total, stored.notice.valid_until, stored.life);
    CHO_CO_TRY_DO(life.on(NoticeLife::PayingStarted{now}));
    CHO_CO_TRY_DO(co_await require_room(numbers_, found->agency, stored.notice, now));

    qr_pay::PaymentOrder order;
    order.book = stored.book;
    order.payee_kind = qr_pay::PayeeKind::notice;
    order.payee = Id<qr_pay::Payee>(id.uuid);
    order.account = found->agency.account;
    CHO_CO_TRY(order.amount, subtract(stored.notice.total, stored.life.received));
    order.memo_text = stored.notice.dossier_code;
    order.client_ref = key;
    order.valid_for = valid_for;
    ledger::Extra<qr_pay::StoredRequest> extra;
    auto after = stored;
    after.life = life.record();
    if (after.life.state != stored.life.state) after.since = now;
    after.version = stored.version + 1;
    extra.guards.push_back(ledger::Guard{id.uuid, stored.version, after.version});
    extra.rows = [after](qr_pay::StoredRequest const& made) {
        auto row = after;
        row.payment = made.request.id;
        return std::vector<std::shared_ptr<ledger::AttachedRow const>>{std::make_shared<ChangedNotice>(std::move(row))};
    };
    co_return co_await request_payment_(std::move(order), std::move(extra));
}

bool ExtendPaying::may_extend(qr_pay::PaymentRequest const& request)
{
    return request.state == qr_pay::PaymentState::waiting && request.expires_at + step <= request.created_at + longest;
}

boost::asio::awaitable<Result<qr_pay::StoredRequest>> ExtendPaying::operator()(StoredNotice notice)
{
    if (!notice.payment) co_return fail(Errc::not_found, "nothing is being paid");
    for (int attempt_no = 1;; ++attempt_no) {
        CHO_CO_TRY(auto request, co_await requests_.find_request(*notice.payment));
        if (!request) co_return fail(Errc::not_found, "nothing is being paid");
        auto const until = request->request.expires_at + step;
        if (!may_extend(request->request) || clock_.now() >= request->request.expires_at) {
            co_return fail(Errc::invalid_state, "the code cannot be given more time");
        }
        auto extended = co_await change_payment_.extend_request(*std::move(request), until);
        if (extended || extended.error().code != Errc::stale || attempt_no == attempts_max) co_return extended;
    }
}

}  // namespace cho40::fees
