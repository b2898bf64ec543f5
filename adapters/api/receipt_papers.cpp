#include "adapters/api/receipt_papers.h"
#include "adapters/documents/receipt_paper.h"
#include "base/digest.h"
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
    CHO_CO_TRY(auto stored, co_await receipt_with_code(desk, request.path_value("code")));
    CHO_CO_TRY(auto const signed_file, co_await desk.store.file_of(stored.book, stored.receipt.id));
    auto const file = stored.receipt.lookup_code + "-" + name + ".pdf";
    auto url = verify_url(desk.fees, stored.receipt);
    auto signer = signed_file ? signed_file->signed_by : std::string();
    auto const draw = [receipt = std::move(stored.receipt), url = std::move(url), signer = std::move(signer), paper = *paper] {
        return std::optional(documents::receipt_pdf({receipt, url, signer}, paper));
    };
    auto const drawn = co_await offload(desk.computing, draw);
    CHO_CO_TRY(auto bytes, *drawn);
    co_return Response::bytes(std::move(bytes), "application/pdf").header("Content-Disposition", "inline; filename=\"" + file + "\"");
}

// The bytes as they were signed, the same for ever.
Answering signed_xml(ReceiptDesk& desk, Request request)
{
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto stored, co_await receipt_with_code(desk, request.path_value("code")));
    auto const name = stored.receipt.lookup_code + ".xml";
    auto file = co_await desk.sign->file_of(std::move(stored));
    if (!file && file.error().code == Errc::signing_failed) {
        desk.fees.log.error("receipts.not_signed", {{"detail", file.error().detail}});
        co_return fail(Error(Errc::unavailable, "this receipt has not been signed yet; the receipt itself is valid and can be verified")
                           .vi("Biên lai này chưa được ký số; biên lai vẫn có giá trị và tra cứu được."));
    }
    if (!file) co_return tl::unexpected<Error>(file.error());
    auto digest = "sha-256=:" + to_base64(std::string(file->digest.begin(), file->digest.end())) + ":";
    co_return Response::bytes(std::move(file->xml), "application/xml; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .header("Repr-Digest", std::move(digest));
}

}  // namespace

boost::asio::awaitable<Result<fees::StoredReceipt>> receipt_with_code(ReceiptDesk& desk, std::string typed)
{
    auto const code = fees::LookupCode::parse(typed);
    if (!code) co_return fail(Errc::receipt_not_found, "no such receipt");
    auto text = code->text();
    CHO_CO_TRY(auto found, co_await desk.store.with_code(std::move(text)));
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
    auto const with = handlers_of(desk);
    router.add(get, "/receipt/{code}/pdf", "pages.receipt_pdf", with(pdf));
    router.add(get, "/receipt/{code}/xml", "pages.receipt_xml", with(signed_xml));
}

}  // namespace cho40::api
