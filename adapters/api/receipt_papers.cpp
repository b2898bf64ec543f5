#include "adapters/api/receipt_papers.h"
#include "adapters/documents/receipt_paper.h"
#include "base/offload.h"

namespace cho40::api {
namespace {

using http::Request;
using http::Response;

Answering pdf(ReceiptDesk& desk, Request request)
{
    CHO_CO_TRY_DO(http::only_query(request, {"paper"}));
    auto const name = request.query_value("paper").value_or("a5");
    auto const paper = documents::receipt_paper_named(name);
    if (!paper) {
        Error refused(Errc::validation_failed, "a member of the query is not understood");
        refused.fields.push_back({"#query/paper", Errc::unknown_value, "a5, a4, 80mm or 58mm", "a5, a4, 80mm hoặc 58mm."});
        co_return fail(std::move(refused));
    }
    CHO_CO_TRY(auto receipt, co_await receipt_with_code(desk.fees, request.path_value("code")));
    auto const file = receipt.lookup_code + "-" + name + ".pdf";
    auto url = verify_url(desk.fees, receipt);
    auto const draw = [receipt = std::move(receipt), url = std::move(url), paper = *paper] {
        return std::optional(documents::receipt_pdf({receipt, url, {}}, paper));
    };
    auto const drawn = co_await offload(desk.computing, draw);
    CHO_CO_TRY(auto bytes, *drawn);
    co_return Response::bytes(std::move(bytes), "application/pdf").header("Content-Disposition", "inline; filename=\"" + file + "\"");
}

}  // namespace

boost::asio::awaitable<Result<fees::Receipt>> receipt_with_code(FeeContext& context, std::string typed)
{
    auto const code = fees::LookupCode::parse(typed);
    if (!code) co_return fail(Errc::receipt_not_found, "no such receipt");
    auto text = code->text();
    CHO_CO_TRY(auto found, co_await context.store.receipt_with_code(std::move(text)));
    if (!found) co_return fail(Errc::receipt_not_found, "no such receipt");
    co_return *std::move(found);
}

std::string verify_url(FeeContext const& context, fees::Receipt const& receipt)
{
    return context.public_url + "/verify?code=" + receipt.lookup_code;
}

void add_receipt_paper_routes(http::Router& router, ReceiptDesk& desk)
{
    using enum http::Method;
    router.add(get, "/receipt/{code}/pdf", "pages.receipt_pdf", handlers_of(desk)(pdf));
}

}  // namespace cho40::api
