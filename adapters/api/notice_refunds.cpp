#include "adapters/api/notice_refunds.h"
#include "adapters/api/ids.h"
#include "adapters/api/refund_making.h"
#include "fees/refund_notice.h"

namespace cho40::api {
namespace {

using fees::NoticeRefundWish;
using http::Request;

struct OwnNotice {
    fees::NoticeWithAgency found;
    RefundReader reader;
};

boost::asio::awaitable<Result<OwnNotice>> admit_to_notice(NoticeRefundDesk& desk, Request const& request)
{
    OwnNotice own;
    CHO_CO_TRY(own.reader.principal, co_await desk.context.gate.admit(request));
    own.reader.language = request.language;
    CHO_CO_TRY(auto id, http::parse_id<fees::FeeNotice>(request.path_value("notice")));
    CHO_CO_TRY(auto found, co_await desk.fees.find_notice(id));
    if (!found) co_return fail(Errc::not_found, "no such notice");
    own.reader.place = identity::Place::agency(found->agency.id.uuid);
    CHO_CO_TRY_DO(identity::may_act_for(own.reader.principal, own.reader.place));
    own.found = *std::move(found);
    co_return own;
}

NoticeRefundWish read_wish(http::ObjectReader& in)
{
    constexpr http::CountLimit lines_max{0, 40};
    constexpr http::WholeRange line_range{1, 20};
    NoticeRefundWish wish;
    in.optional_each("lines", lines_max, [&](http::ObjectReader line) {
        NoticeRefundWish::Line one;
        one.receipt = line.id<fees::Receipt>("receipt");
        one.line = static_cast<std::int32_t>(line.whole("line", line_range));
        one.amount = line.money("amount");
        wish.lines.push_back(one);
    });
    wish.surplus = in.optional_money("surplus").value_or(Dong());
    wish.expected = read_expected_refundable(in);
    return wish;
}

Answering create(NoticeRefundDesk& desk, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_notice(desk, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    qr_pay::RefundOrder order;
    auto const wish = read_wish(in);
    read_refund_reason(in, order,
                       {{"overpaid", "overpaid"},
                        {"paid_twice", "paid_twice"},
                        {"wrong_fee", "wrong_fee"},
                        {"not_accepted", "not_accepted"},
                        {"not_eligible", "not_eligible"},
                        {"other", "other"}},
                       ReasonText::must);
    CHO_CO_TRY_DO(body.finish());
    FindBasis basis = [&desk, id = own.found.stored.notice.id,
                       wish](qr_pay::RefundOrder& whole) -> boost::asio::awaitable<Result<qr_pay::RefundBasis>> {
        CHO_CO_TRY(auto found, co_await desk.fees.find_notice(id));
        if (!found) co_return fail(Errc::not_found, "no such notice");
        CHO_CO_TRY(auto const receipts, co_await desk.fees.receipts_of(found->stored.book, id));
        CHO_CO_TRY(auto const refunds, co_await desk.context.refunds.of(found->stored.book, id.uuid));
        CHO_CO_TRY(auto amounts, fees::order_of(wish, *found, receipts, refunds));
        whole.wish = amounts.wish;
        whole.parts = std::move(amounts.parts);
        co_return fees::refund_basis(*found, refunds);
    };
    co_return co_await make_refund(desk.context, std::move(request), std::move(own.reader), own.found.stored.book, std::move(order),
                                   std::move(basis));
}

Answering list(NoticeRefundDesk& desk, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_notice(desk, request));
    CHO_CO_TRY(auto refunds, co_await desk.context.refunds.told_of(own.found.stored.book, own.found.stored.notice.id.uuid));
    co_return refund_list(request, refunds, own.reader, desk.context.clock.now());
}

}  // namespace

void add_notice_refund_routes(http::Router& router, NoticeRefundDesk& desk)
{
    using enum http::Method;
    auto const with = handlers_of(desk);
    router.add(post, "/v1/fee-notices/{notice}/refunds", "fee_notices.refund", with(create));
    router.add(get, "/v1/fee-notices/{notice}/refunds", "fee_notices.refunds", with(list));
}

}  // namespace cho40::api
